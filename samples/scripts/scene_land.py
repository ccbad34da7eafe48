"""Limestone islands in a bay, and a river landing in the early morning."""
import math

import numpy as np

import kit
from kit import box, lathe, material, mesh, tube
from scene_house import bamboo, leaves
from scene_street import Placed, walker


def fbm(x, y, r, octaves=6, base=3):
    """Value noise on arrays, about -1..1."""
    out, amp = np.zeros_like(x), 1.
    for o in range(octaves):
        k = base * 2 ** o
        g = r.uniform(-1, 1, (k + 2, k + 2))
        i, j = np.clip(x, 0, .9999) * k, np.clip(y, 0, .9999) * k
        a, b = i.astype(int), j.astype(int)
        u, v = i - a, j - b
        u, v = u * u * (3 - 2 * u), v * v * (3 - 2 * v)
        out += amp * ((g[a, b] * (1 - u) + g[a + 1, b] * u) * (1 - v) + (g[a, b + 1] * (1 - u) + g[a + 1, b + 1] * u) * v)
        amp *= .52
    return out


def island(cx, cy, rx, ry, h, mat, r, n=120):
    """A limestone tower: steep flanks, rough top, undercut at the waterline."""
    u, v = np.meshgrid(np.linspace(0, 1, n), np.linspace(0, 1, n))
    nz = fbm(u, v, r, 6)
    a, b = (u - .5) * 2, (v - .5) * 2
    d = np.sqrt(a * a + b * b) * (1 + .28 * fbm(u, v, r, 4, 2))
    flank = 1 - np.clip((d - .42) / .42, 0, 1)
    z = h * (flank * flank * (3 - 2 * flank)) ** .62 * (.78 + .3 * nz + .12 * fbm(u, v, r, 5, 8)) - 1.2
    x, y = cx + a * rx * (1 + .05 * nz), cy + b * ry
    w = np.stack([x, y, z], 2).reshape(-1, 3)
    f = [(j * n + i, j * n + i + 1, (j + 1) * n + i + 1, (j + 1) * n + i) for j in range(n - 1) for i in range(n - 1)]
    mesh(w, f, mat, True)


def rock(r):
    """Grey limestone under patches of scrub."""
    m = material((.3, .29, .27), vary=.5, scale=.16, streak=0., bump=1., rough=.95)
    n = kit.Nodes(m.node_tree)
    sh = next(x for x in m.node_tree.nodes if x.type == "BSDF_PRINCIPLED")
    old = sh.inputs["Base Color"].links[0].from_socket
    geo = n.add("ShaderNodeNewGeometry")
    up = n.add("ShaderNodeSeparateXYZ", _out=2, _in={0: n.add("ShaderNodeNewGeometry", _out=1)})
    patch = n.add("ShaderNodeMath", operation="ADD", _in={0: n.noise(geo, .12, 6, .7), 1: n.range(up, .1, .9, -.12, .2)})
    cliff = n.range(n.noise(n.map(geo, (1, 1, .12)), .35, 5, .7), .4, .65, .45, 1.)
    old = n.mul(old, n.add("ShaderNodeCombineXYZ", _in={0: cliff, 1: cliff, 2: cliff}))
    m.node_tree.links.new(n.mix(n.range(patch, .5, .58, 0, 1), old, (.045, .06, .03, 1)), sh.inputs["Base Color"])
    bump = sh.inputs["Normal"].links[0].from_node
    bump.inputs["Distance"].default_value, bump.inputs["Strength"].default_value = 2.5, 1.
    return m


def water(mat_scale, size, bump):
    m = material((.05, .065, .06), rough=.06, vary=.1, scale=.02, bump=bump, spec=.6, grain=(mat_scale, mat_scale * .35, 1))
    next(x for x in m.node_tree.nodes if x.type == "BUMP").inputs["Distance"].default_value = .06
    mesh([(-size, -30, 0), (size, -30, 0), (size, size * 2, 0), (-size, size * 2, 0)], [(0, 1, 2, 3)], m)


def sampan(loc, turn, wood, mat, r, rower=True, cover=True, length=5.2):
    """A narrow boat along x with a woven shelter; the rower stands astern."""
    with Placed(loc, turn):
        n, v, f = 24, [], []
        for i in range(n + 1):
            t = i / n * 2 - 1
            w = .62 * (1 - abs(t) ** 3) + .04
            sheer = .42 + .5 * abs(t) ** 3.2
            keel = -.12 + .5 * abs(t) ** 5
            v += [(t * length / 2, -w, sheer), (t * length / 2, -w * .8, sheer * .4), (t * length / 2, 0, keel), (t * length / 2, w * .8, sheer * .4), (t * length / 2, w, sheer)]
            v += [(t * length / 2, -w + .06, sheer), (t * length / 2, w - .06, sheer), (t * length / 2, 0, max(.12, keel + .06))]
        for i in range(n):
            a, b = i * 8, (i + 1) * 8
            f += [(a + k, b + k, b + k + 1, a + k + 1) for k in range(4)]
            f += [(a, a + 5, b + 5, b), (a + 4, b + 4, b + 6, a + 6), (a + 5, a + 7, b + 7, b + 5), (a + 7, a + 6, b + 6, b + 7)]
        mesh(v, f, wood)
        for x in (-1.6, -.9, .9, 1.7):
            box((x, 0, .4), (.2, 1.0, .03), wood)
        if cover:
            q = np.linspace(0, math.pi, 15)
            c = [(x, -.64 * math.cos(a), .4 + .75 * math.sin(a)) for x in np.linspace(-.75, .85, 9) for a in q]
            mesh(c, [(j * 15 + i, j * 15 + i + 1, (j + 1) * 15 + i + 1, (j + 1) * 15 + i) for j in range(8) for i in range(14)], mat, True)
        if rower:
            walker((-1.75, 0, .22), -1.2, material((.12, .09, .07)), material((.03, .03, .03)), material((.25, .16, .11)), mat, r)
            tube([(-1.5, .1, 1.35), (-2.2, .55, .6), (-3.0, 1.1, -.25)], [.022, .022, .03], wood, smooth=False)
        for k in range(3):
            lathe([(.001, 0), (.17, 0), (.22, .2), (.19, .2), (.001, .06)], mat, (1.15 + .35 * k, r.normal(0, .12), .3))


def bay():
    s = kit.start(1280, 900, 51)
    r = kit.RNG
    m = rock(r)
    for cx, cy, rx, ry, h in ((-75, 190, 60, 50, 78), (62, 240, 48, 50, 62), (18, 330, 34, 40, 74), (118, 330, 60, 50, 88), (-30, 420, 60, 60, 66),
                              (-170, 420, 90, 70, 120), (70, 560, 70, 60, 92), (190, 620, 110, 70, 130), (-90, 720, 90, 70, 110), (10, 860, 130, 70, 105), (-260, 800, 150, 70, 150), (34, 120, 9, 9, 13)):
        island(cx, cy, rx, ry, h, m, r)
    water(.35, 1500, .55)
    wood, straw = material((.07, .05, .035), vary=.4, grain=(1, 10, 10)), material((.3, .25, .16), vary=.35, grain=(14, 14, 14), bump=.5)
    sampan((-2.6, 17, 0), .35, wood, straw, r)
    sampan((7.5, 34, 0), 2.7, wood, straw, r)
    sail = material((.3, .17, .09), vary=.3, grain=(1, 1, 7), streak=.3)
    for x, y, k in ((26, 105, 1.0), (-20, 160, 1.1)):
        with Placed((x, y, 0)):
            sampan((0, 0, 0), .1, wood, straw, r, rower=False, length=13)
            for q, hh in ((-2.5, 9.5), (2.2, 11.5)):
                tube([(q, 0, 0), (q + .3, 0, hh + .6)], .12, wood)
                edge = [(q - 2.1, 0, 1.6), (q + 2.0, 0, 1.3), (q + 2.5, .3, hh * .5), (q + 1.7, .3, hh * .86), (q + .2, .1, hh), (q - 1.6, .1, hh * .55)]
                mesh(edge, [(0, 1, 2, 3, 4, 5)], sail)
    kit.sky((.62, .68, .76), (1, .97, .9), 1.0, .5)
    kit.sun((.7, -.3, .45), 1.6, 8)
    kit.mist((.78, .77, .74), 60, 1000)
    kit.outdoors(40)
    kit.camera((1.2, 0, 3.1), (.5, 60, 7.2), lens=38, fstop=16, focus=40, roll=-.9)
    s["exposure"] = -.35
    return s


def river():
    s = kit.start(1200, 860, 52)
    r = kit.RNG
    wood, straw = material((.07, .05, .035), vary=.4, grain=(1, 10, 10)), material((.3, .25, .16), vary=.35, grain=(14, 14, 14), bump=.5)
    leaf = kit.leaf_material((.06, .09, .03))
    water(.5, 500, .4)
    earth = material((.13, .1, .07), vary=.4, scale=1.2, bump=.8)
    kit.grid((26, 16), (80, 50), lambda x, y: .55 - .22 * (y + 3) - .09 * (x + 3) + .12 * math.sin(x * 1.3 + y) + .06 * math.sin(y * 3.1 - x * 2), earth, (-7, 2.5, -.1))
    leaves((-9, 6, .5), (5, 5, .4), 2600, .5, leaf, r)
    leaves((-4.5, 1.6, .75), (2.2, 1.6, .25), 900, .32, leaf, r)
    # landing stage
    for k in range(15):
        box((1.6 + r.normal(0, .02), 2.2 + k * .3, .62), (1.25, .26, .05), wood, rot=(0, r.normal(0, .015), r.normal(0, .02)))
    for y in (2.4, 4.2, 6.3):
        for x in (1.0, 2.2):
            tube([(x, y, -.6), (x + r.normal(0, .04), y, 1.0 + r.uniform(0, .7))], .06, wood, smooth=False)
    for x, y, a, cov, row in ((3.4, 5.6, 1.45, True, False), (4.7, 6.4, 1.3, True, False), (-.4, 8.2, 1.9, False, False), (2.8, 15, .25, True, True), (-7, 27, 2.9, True, True)):
        sampan((x, y, 0), a, wood, straw, r, row, cov)
    for k in range(7):
        x, y = r.uniform(-3, 6), r.uniform(9, 22)
        tube([(x, y, -.5), (x + r.normal(0, .15), y, r.uniform(1.2, 2.4))], .045, wood, smooth=False)
    walker((1.5, 4.6, .65), 3.0, material((.4, .4, .38)), material((.03, .03, .03)), material((.25, .16, .11)), straw, r, True)
    stem = material((.16, .18, .07), vary=.3)
    bamboo(-6.8, 9.5, 13, 8.5, stem, leaf, r, 2.4)
    bamboo(-9.5, 14, 10, 9, stem, leaf, r, 2.4)
    for k in range(34):
        x = -75 + k * 4.6 + r.normal(0, 1.5)
        leaves((x, 92 + r.normal(0, 3), r.uniform(2, 4.5)), (r.uniform(2.5, 5), 2.5, r.uniform(2, 4.6)), 420, .9, leaf, r)
    kit.grid((200, 6), (60, 4), lambda x, y: .7 + .3 * math.sin(x * .3) - abs(y) * .3, earth, (0, 90, 0))
    m = rock(r)
    for cx, cy, rx, ry, h in ((-60, 330, 70, 40, 46), (40, 380, 80, 40, 38), (140, 360, 80, 40, 58)):
        island(cx, cy, rx, ry, h, m, r, 90)
    kit.sky((.66, .7, .76), (1, .97, .92), 1.0, .4)
    kit.sun((.65, .55, .4), 1.7, 8)
    kit.mist((.8, .79, .76), 12, 260)
    kit.outdoors(10)
    kit.camera((.6, -2.6, 2.5), (.3, 14, 1.25), lens=34, fstop=11, focus=8, roll=.8)
    s["exposure"] = -.3
    return s


SCENES = {"bay": bay, "river": river}
