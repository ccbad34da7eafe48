"""Shop-houses: a street of the old quarter, a photographer's shop, and a wall with a bicycle."""
import math

import bpy
import numpy as np
from mathutils import Matrix

import kit
from kit import box, cyl, ellipsoid, lathe, material, mesh, text, tube
from scene_house import jar, leaves, pot_plant, tile_roof


class Placed:
    """Everything built inside the block is moved by a turn about Z and a shift."""

    def __init__(self, loc, turn=0.):
        self.m = Matrix.Translation(loc) @ Matrix.Rotation(turn, 4, "Z")

    def __enter__(self):
        self.before = set(bpy.data.objects)

    def __exit__(self, *_):
        for o in set(bpy.data.objects) - self.before:
            o.matrix_basis = self.m @ o.matrix_basis


def shutters(x, z, w, h, paint, dark, open_=0.):
    """A window opening with two louvred leaves; open_ in radians."""
    box((x, .01, z), (w, .05, h), dark)
    for q in (-1, 1):
        with Placed((x + q * w / 2, -.06, z), q * open_):
            for e in (0, 1):
                box((-q * (.03 + e * (w / 2 - .06)), 0, 0), (.05, .04, h), paint, bevel=.003)
            for e in (-1, 0, 1):
                box((-q * w / 4, 0, e * (h / 2 - .03)), (w / 2, .036, .06), paint, bevel=.003)
            for k in range(int(h / .055)):
                box((-q * w / 4, 0, -h / 2 + .05 + k * .055), (w / 2 - .08, .035, .008), paint, rot=(.7, 0, 0), bevel=0)
    box((x, -.05, z + h / 2 + .07), (w + .24, .16, .09), kit.material((.4, .37, .3), streak=.5))
    box((x, -.06, z - h / 2 - .05), (w + .16, .18, .07), kit.material((.35, .32, .27), streak=.5))


def awning(w, z, depth, cloth, wood, r, drop=.55):
    """A cloth on two poles, with a hanging edge."""
    n, m = 36, 10
    v = []
    for j in range(m + 2):
        for i in range(n + 1):
            u = i / n
            t = min(1, j / m)
            sag = .07 * math.sin(math.pi * t) + .03 * math.sin(u * 17 + j)
            zz = z - t * drop - sag - (.2 + .03 * math.sin(u * 31) if j > m else 0)
            v.append(((u - .5) * w + r.normal(0, .004), -.1 - t * depth, zz))
    f = [(j * (n + 1) + i, j * (n + 1) + i + 1, (j + 1) * (n + 1) + i + 1, (j + 1) * (n + 1) + i) for j in range(m + 1) for i in range(n)]
    mesh(v, f, cloth, True)
    for q in (-.48, .48):
        tube([(q * w, -.1 - depth, z - drop), (q * w + r.normal(0, .05), -.1 - depth, 0)], .025, wood, smooth=False)


def goods(w, r, mats, leaf):
    """What stands before a shop: crates, baskets, jars, stools."""
    for k in range(int(w * 2.2)):
        x, y, m = r.uniform(-w / 2 + .2, w / 2 - .2), r.uniform(-1.0, -.25), mats[r.integers(len(mats))]
        kind = r.integers(5)
        if kind == 0:
            a, h = r.normal(0, .2), r.uniform(.25, .45)
            for q in range(5):
                box((x, y, .05 + q * h / 5), (.5, .36, h / 5 - .025), m, rot=(0, 0, a), bevel=.004)
        elif kind == 1:
            lathe([(.001, .0), (.2, 0), (.3, .22), (.32, .24), (.28, .22), (.001, .12)], m, (x, y, 0), wobble=.03)
            for _ in range(22):
                ellipsoid((x + r.normal(0, .1), y + r.normal(0, .1), .2 + r.uniform(0, .08)), (.055, .055, .05), mats[r.integers(len(mats))], 8)
        elif kind == 2:
            jar((x, y, 0), m, r.uniform(.5, .8))
        elif kind == 3:
            box((x, y, .28), (.34, .24, .03), m)
            for e in (-1, 1):
                box((x + e * .12, y, .14), (.03, .2, .27), m, rot=(0, e * .12, 0))
        else:
            pot_plant((x, y, 0), m, leaf, r, r.uniform(.6, 1.0), 70)


def facade(w, h, look, r, sign=None, open_=.9, balcony=True, roof=True, detail=True):
    """One shop-house, its front at y = 0 towards -y, its middle at x = 0. look: dict of materials."""
    lime, wood, paint, dark = look["lime"], look["wood"], look["paint"], look["dark"]
    g = 3.0
    for q in (-1, 1):
        box((q * (w / 2 - .16), .12, g / 2), (.32, .3, g), lime)
    box((0, 1.6, g - .02), (w, 3.2, .12), lime)
    box((0, 2.6, g / 2), (w, .1, g), dark)
    for q in (-1, 1):
        box((q * (w / 2 - .05), 1.4, g / 2), (.1, 2.6, g), lime)
        for k in range(3):
            box((q * (w / 2 - .42 - k * .05), .0 - k * .11, 1.25), (.05, .24, 2.5), wood, rot=(0, 0, q * .25))
    for k in range(5):
        box((0, 2.2, .35 + k * .45), (w - .6, .4, .03), wood)
        for _ in range(9):
            x = r.uniform(-w / 2 + .4, w / 2 - .4)
            box((x, 2.1, .48 + k * .45), (r.uniform(.1, .3), .2, r.uniform(.1, .3)), look["goods"][r.integers(len(look["goods"]))])
    # upper floor
    box((0, .1, (g + h) / 2), (w, .22, h - g), lime, bevel=.01)
    box((0, 2, (g + h) / 2), (w - .02, 3.6, h - g - .1), lime)
    nwin = 2 if w > 3.3 else 1
    for k in range(nwin):
        x = (k - (nwin - 1) / 2) * w / 2.1
        zc, hh = (g + 1.2, 2.0) if balcony else (g + 1.45, 1.4)
        with Placed((0, -.02, 0)):
            shutters(x, zc, 1.0, hh, paint, dark, open_ * r.uniform(0, 2.2))
    box((0, -.06, g + .04), (w, .2, .16), lime)
    if balcony:
        box((0, -.42, g + .02), (w - .1, .84, .12), lime)
        for k in range(int(w / .14)):
            x = -w / 2 + .1 + k * .14
            lathe([(.03, 0), (.05, .08), (.06, .25), (.03, .45), (.035, .6)], lime, (x, -.76, g + .08), seg=10)
        box((0, -.76, g + .72), (w - .08, .16, .09), lime)
        if detail:
            for _ in range(4):
                pot_plant((r.uniform(-w / 2 + .3, w / 2 - .3), -.55, g + .08), look["goods"][0], look["leaf"], r, r.uniform(.6, .9), 70)
            tube([(-w / 2 + .2, -.6, g + 1.7), (w / 2 - .2, -.6, g + 1.62)], .012, wood)
            for k in range(5):
                x = r.uniform(-w / 2 + .4, w / 2 - .4)
                mesh([(x + a * .4 + .02 * b, -.6 + .03 * math.sin(a * 7), g + 1.63 - b * .6) for b in (0, .5, 1) for a in (0, .25, .5, .75, 1)],
                     [(j * 5 + i, j * 5 + i + 1, j * 5 + 6 + i, j * 5 + 5 + i) for j in (0, 1) for i in range(4)], look["goods"][r.integers(len(look["goods"]))], True)
    for k, (d, t) in enumerate(((.1, .1), (.18, .1), (.28, .12))):
        box((0, -d / 2, h + .05 + k * .11), (w + .02, .24 + d, t), lime)
    if roof:
        tile_roof(-w / 2, w / 2, -.35, h + .3, 2.8, h + 1.9, look["tiles"], r, pitch=.22, row=.26)
    else:
        box((0, 0, h + .75), (w, .2, .9), lime)
        mesh([(-w * .3, -.12, h + 1.2), (w * .3, -.12, h + 1.2), (w * .18, -.12, h + 1.65), (0, -.12, h + 1.85), (-w * .18, -.12, h + 1.65)]
             + [(-w * .3, .1, h + 1.2), (w * .3, .1, h + 1.2), (w * .18, .1, h + 1.65), (0, .1, h + 1.85), (-w * .18, .1, h + 1.65)],
             [(0, 1, 2, 3, 4), (5, 6, 7, 8, 9), (0, 1, 6, 5), (1, 2, 7, 6), (2, 3, 8, 7), (3, 4, 9, 8), (4, 0, 5, 9)], lime)
        for q in (-.46, 0, .46):
            lathe([(.08, 0), (.1, .05), (.06, .1), (.13, .25), (.1, .4), (.04, .45), (.02, .55)], lime, (q * w, 0, h + (1.2 if q else 1.85)), seg=16)
    if sign:
        box((0, -.13, 2.72), (w - .5, .06, .52), look["board"], rot=(-.06, 0, 0))
        text(sign, "serif", .36, look["letter"], (0, -.175, 2.71), (math.pi / 2 - .06, 0, 0), .008, width=w - .9)


def bicycle(loc, turn, black, steel, rubber, lean=0.):
    """A gentleman's roadster along x, leaning by `lean` radians."""
    with Placed(loc, turn):
        before = set(bpy.data.objects)
        R, a, b = .33, -.52, .52
        for x in (a, b):
            ring = np.linspace(0, 2 * math.pi, 33)[:-1]
            tube([(x + R * math.cos(t), 0, R + .02 + R * math.sin(t)) for t in ring], .02, rubber, cyclic=True)
            tube([(x + (R - .03) * math.cos(t), 0, R + .02 + (R - .03) * math.sin(t)) for t in ring], .011, steel, cyclic=True)
            for t in np.linspace(0, 2 * math.pi, 19)[:-1]:
                tube([(x, .03 * (-1) ** int(t * 9), R + .02), (x + (R - .03) * math.cos(t), 0, R + .02 + (R - .03) * math.sin(t))], .0018, steel, smooth=False)
            cyl((x, 0, R + .02), .03, .09, steel, rot=(math.pi / 2, 0, 0), seg=12)
            arc = np.linspace(.3, 2.9, 14) if x < 0 else np.linspace(.6, 2.6, 12)
            tube([(x + (R + .04) * math.cos(t), 0, R + .02 + (R + .04) * math.sin(t)) for t in arc], .022, black)
        bb, seat, head, headlow = (-.06, 0, .32), (-.2, 0, .84), (.36, 0, .9), (.4, 0, .74)
        for p, q in ((bb, seat), (seat, head), (bb, headlow), (head, headlow), (headlow, (b, 0, R + .02)), (bb, (a, .04, R + .02)), (bb, (a, -.04, R + .02)), ((-.19, 0, .8), (a, .04, R + .02)), ((-.19, 0, .8), (a, -.04, R + .02))):
            tube([p, q], .016, black, smooth=False)
        tube([(-.2, 0, .84), (-.215, 0, .93)], .014, steel, smooth=False)
        ellipsoid((-.23, 0, .96), (.14, .085, .04), black, 12)
        tube([(.35, 0, .9), (.33, 0, 1.02)], .014, steel, smooth=False)
        tube([(.14, .29, 1.02), (.3, .27, 1.05), (.38, .1, 1.03), (.38, -.1, 1.03), (.3, -.27, 1.05), (.14, -.29, 1.02)], .013, steel)
        tube([(.1, .29, 1.018), (.2, .285, 1.03)], .02, rubber, smooth=False)
        tube([(.1, -.29, 1.018), (.2, -.285, 1.03)], .02, rubber, smooth=False)
        cyl((bb[0], -.03, .32), .09, .008, steel, rot=(math.pi / 2, 0, 0))
        tube([(-.06, -.04, .4), (-.3, -.04, .41), (a, -.04, .4), (a - .04, -.04, .34), (a, -.04, .3), (-.06, -.04, .24)], .016, black)
        tube([(bb[0], -.05, .32), (.03, -.06, .18)], .01, steel, smooth=False)
        box((.04, -.11, .175), (.08, .1, .025), rubber)
        for q in (-.06, .06):
            tube([(-.2, q, .73), (-.7, q, .73)], .008, black, smooth=False)
            tube([(-.68, q, .73), (a, q, R + .02)], .007, black, smooth=False)
        box((.46, 0, .86), (.07, .08, .08), steel, bevel=.02)
        m = Matrix.Rotation(lean, 4, "X")
        for o in set(bpy.data.objects) - before:
            o.matrix_basis = m @ o.matrix_basis


def walker(loc, turn, cloth, trousers, skin, straw, r, pole=False):
    """A small figure under a conical hat, one step forward; with pole: two baskets on a shoulder pole."""
    with Placed(loc, turn):
        st = r.uniform(.12, .22)
        for q in (-1, 1):
            tube([(q * .09, 0, .88), (q * .1, -q * st * .6, .48), (q * .1, -q * st, .08)], [.1, .085, .08], trousers)
            ellipsoid((q * .1, -q * st - .06, .04), (.045, .12, .035), skin, 8)
            tube([(q * .19, 0, 1.34), (q * .25, q * .1, 1.1), (q * .22, q * .16 - .05, .86)], [.062, .055, .05], cloth)
            ellipsoid((q * .215, q * .18 - .06, .81), (.03, .035, .05), skin, 8)
        o = lathe([(.001, .72), (.2, .73), (.205, .85), (.165, 1.05), (.19, 1.25), (.15, 1.38), (.06, 1.43), (.001, 1.43)], cloth, (0, 0, 0))
        o.scale.y = .65
        ellipsoid((0, -.02, 1.54), (.085, .1, .12), skin, 12)
        lathe([(.235, 1.55), (.12, 1.68), (.004, 1.8)], straw, (0, -.02, 0), rot=(.06, r.normal(0, .06), 0))
        if pole:
            tube([(.12, -.85, 1.36), (.12, 0, 1.45), (.12, .85, 1.36)], .02, straw)
            for q in (-1, 1):
                for e in (-.25, .25):
                    tube([(.12, q * .8, 1.37), (.12 + e, q * .8, .55)], .006, straw, smooth=False)
                lathe([(.001, .4), (.25, .42), (.32, .54), (.29, .54), (.001, .46)], straw, (.12, q * .8, 0))
                leaves((.12, q * .8, .6), (.25, .25, .14), 80, .16, kit.leaf_material((.08, .14, .04)), r)


def pole_and_wires(x, ys, wood, r, z=7.6):
    for y in ys:
        tube([(x, y, 0), (x + .05, y, z + .5)], [.13, .09], wood, smooth=False)
        for k in range(2):
            box((x, y, z - k * .5), (1.3, .09, .1), wood)
            for e in (-.55, -.3, .3, .55):
                cyl((x + e, y, z + .1 - k * .5), .035, .12, kit.material((.6, .6, .58)), seg=10)
    for a, b in zip(ys[:-1], ys[1:]):
        for e in (-.55, -.3, .3, .55):
            pts = [(x + e, a + (b - a) * t, z + .16 - .5 * 4 * t * (1 - t)) for t in np.linspace(0, 1, 9)]
            tube(pts, .011, wood)


def palette(r, lime, paint):
    mk = material
    return {"lime": mk(lime, vary=.22, scale=1.3, streak=.5, ground=.5, peel=.3, bump=.3), "wood": mk((.09, .055, .035), vary=.5, grain=(10, 10, 1), bump=.3),
            "paint": mk(paint, vary=.3, streak=.5), "dark": mk((.015, .013, .012)), "leaf": kit.leaf_material((.06, .11, .03)),
            "goods": [mk(c, vary=.4) for c in ((.2, .1, .06), (.3, .24, .14), (.09, .06, .04), (.42, .4, .34), (.14, .05, .04))],
            "tiles": [mk(c, vary=.5, scale=8) for c in ((.13, .06, .04), (.085, .055, .045), (.15, .08, .05))],
            "board": mk((.05, .07, .1), rough=.5, vary=.4, streak=.4), "letter": mk((.6, .52, .34), vary=.25)}


def street():
    s = kit.start(1240, 900, 31)
    r = kit.RNG
    looks = [palette(r, c, p) for c, p in (((.5, .42, .27), (.07, .12, .08)), ((.46, .44, .4), (.1, .09, .07)), ((.4, .3, .2), (.05, .09, .11)))]
    signs = ["HIỆU SÁCH TÂN VIỆT", "PHỞ GIA TRUYỀN", "TIỆM VÀNG KIM PHÁT", "HIỆU MAY ĐỨC LỢI", "THUỐC BẮC AN HÒA", "XE ĐẠP VĨNH TƯỜNG", "GIÀY DÉP PHÚC MỸ", "TẠP HÓA BẢO NGUYÊN", "VẢI LỤA HÀ ĐÔNG", "ĐỒNG HỒ THỤY SĨ"]
    road = material((.17, .155, .14), rough=.55, vary=.45, scale=.8, bump=.5, spec=.4)
    kit.grid((9, 70), (20, 120), lambda x, y: -.012 * x * x / 4 + .008 * math.sin(y * 3 + x * 2), road, (0, 30, 0))
    for q in (-1, 1):
        box((q * 4.1, 30, .02), (2.2, 70, .22), material((.3, .28, .25), vary=.35, scale=2, bump=.4))
    for x in (-.62, .38):
        for e in (-.035, .035):
            box((x + e, 30, .012), (.035, 70, .02), material((.3, .3, .3), metal=1, rough=.4), bevel=0)
    k = 0
    for q in (-1, 1):
        y = -1.5 if q < 0 else .4
        while y < 44:
            w, h = r.uniform(3.0, 4.6), r.uniform(5.4, 7.4)
            near = y < 14
            with Placed((q * 5.1, y + w / 2, .1), math.pi / 2 if q < 0 else -math.pi / 2):
                look = looks[r.integers(3)]
                facade(w, h, look, r, signs[k % 10] if y < 30 else None, balcony=r.random() < .6 and near, roof=r.random() < .7, detail=near)
                if y < 26:
                    if r.random() < .75:
                        awning(w * .9, 2.55, 1.5, material([(.4, .36, .28), (.25, .13, .1), (.2, .22, .2)][r.integers(3)], vary=.3, streak=.4), look["wood"], r)
                    goods(w, r, look["goods"], look["leaf"])
            if near and k % 2 == 0:
                t = ("SÁCH VỞ", "", "VÀNG BẠC", "", "THUỐC", "", "GIÀY")[k % 7] or "ẢNH"
                box((q * 4.3, y + .2, 3.9), (.62, .07, 1.5), look["board"])
                text("\n".join(t.replace(" ", "\n").split("\n")), "sans", .17, look["letter"], (q * 4.3, y + .155, 3.9), extrude=.004, width=.54)
            y += w
            k += 1
    black, steel, rubber = material((.02, .02, .02), rough=.3), material((.4, .4, .4), metal=1, rough=.35), material((.025, .024, .022))
    bicycle((2.75, 5.6, .1), 1.5, black, steel, rubber, .12)
    bicycle((-2.8, 8.6, .1), 1.7, black, steel, rubber, -.12)
    bicycle((-2.5, 3.9, .1), 1.25, black, steel, rubber, .14)
    skin, straw = material((.25, .16, .11)), material((.5, .44, .3), vary=.2, grain=(1, 1, 40))
    shirts = [material(c, vary=.25) for c in ((.5, .5, .48), (.1, .08, .07), (.3, .3, .32), (.2, .13, .1))]
    black_silk = material((.025, .024, .026), rough=.5)
    for x, y, a, p in ((-.9, 7.5, .2, True), (1.3, 11, 3.0, False), (-1.9, 13.5, 2.8, False), (.4, 17, .1, True), (2.2, 19.5, .4, False), (-.6, 23, 3.3, False), (1.6, 27, .2, False), (-2, 20, .5, False), (3.1, 9.5, 1.2, False), (-3.3, 6.2, -1.3, False)):
        walker((x, y, .03 if abs(x) < 2.8 else .13), a + math.pi * 0, shirts[r.integers(4)], [shirts[0], black_silk][r.integers(2)], skin, straw, r, p)
    pole_and_wires(-3.2, (2.8, 15, 28, 42), looks[0]["wood"], r)
    for q, y in ((3.3, 16), (-3.3, 24), (3.3, 31), (-3.2, 38)):
        tube([(q, y, 0), (q + .1, y, 2.5), (q - .2, y + .2, 4.6)], [.2, .16, .1], looks[0]["wood"])
        leaves((q - .2, y, 6), (2.3, 2.3, 1.7), 1500, .28, looks[0]["leaf"], r)
    leaves((0, 46, 6), (5, 2, 5), 2500, .45, looks[0]["leaf"], r)
    for x in (-.7, 1.4):
        tube([(x - 4, 10 + x * 3, 5.2), (x, 10 + x * 3, 4.75), (x + 4, 10 + x * 3, 5.3)], .01, rubber)
    for k in range(9):
        x = -3.2 + k * .8
        z = 4.9 + .25 * (abs(x) / 4) ** 2 * 2
        tube([(x, 14, z + .2), (x, 14, z)], .004, rubber, smooth=False)
        lathe([(.04, -.17), (.13, -.1), (.15, 0), (.13, .1), (.04, .17)], material([(.4, .06, .04), (.5, .4, .12)][k % 2], vary=.2), (x, 14, z - .15), seg=16)
    tube([(-5, 14, 5.4), (-2, 14, 5.05), (2, 14, 5.05), (5, 14, 5.4)], .012, rubber)
    kit.sky((.75, .78, .85), (1, .98, .94), 1.1, .2)
    kit.sun((.5, -.35, .6), 2.2, 9)
    kit.mist((.8, .78, .74), 7, 88)
    kit.outdoors()
    kit.camera((.35, -3.0, 1.68), (-.05, 12, 2.55), lens=30, fstop=11, focus=9, roll=1.1)
    s["exposure"] = -.3
    return s


def shop():
    s = kit.start(1200, 900, 32)
    r = kit.RNG
    look = palette(r, (.55, .42, .16), (.06, .16, .13))
    side = palette(r, (.42, .46, .44), (.13, .08, .05))
    look["board"], look["letter"] = material((.28, .035, .03), rough=.5, vary=.3, streak=.35), material((.65, .55, .25), vary=.2)
    facade(4.6, 6.2, look, r, None, balcony=True, roof=False)
    box((0, -.5, 2.72), (4.2, .08, .72), look["board"], rot=(-.1, 0, 0))
    for z in (2.36, 3.07):
        box((0, -.53, z), (4.26, .1, .05), look["wood"], rot=(-.1, 0, 0))
    text("TIỆM ẢNH HƯNG THỊNH", "serif", .42, look["letter"], (0, -.56, 2.68), (math.pi / 2 - .1, 0, 0), .015, width=3.9)
    for q in (-1, 1):
        with Placed((q * 4.4, 0, 0)):
            facade(4.0, 5.6 + .5 * q, side, r, ("HIỆU SÁCH TÂN VIỆT", None, "MAY ÂU PHỤC")[q + 1], balcony=q < 0)
    # display window on the left, half-open door on the right
    box((-.75, .02, .35), (2.3, .2, .7), look["paint"])
    for x in (-1.88, -.75, .38):
        box((x, -.02, 1.45), (.07, .1, 1.6), look["paint"])
    for z in (.72, 2.2):
        box((-.75, -.02, z), (2.3, .1, .07), look["paint"])
    cloth = material((.3, .26, .2), vary=.15)
    box((-.75, .55, 1.4), (2.3, .04, 1.6), cloth)
    for k, (x, z, w, h) in enumerate(((-1.5, 1.62, .42, .56), (-1.0, 1.72, .36, .46), (-.5, 1.6, .46, .6), (-.02, 1.72, .34, .44), (-1.45, 1.0, .34, .42), (-1.0, 1.02, .4, .5), (-.5, 1.0, .32, .42), (-.05, 1.02, .38, .5))):
        frame = material([(.1, .06, .03), (.4, .3, .14), (.5, .48, .44)][k % 3], vary=.2)
        box((x, .5, z), (w, .03, h), frame)
        box((x, .482, z), (w - .07, .01, h - .07), material((.55, .5, .4), vary=.2))
        c = material((.16, .13, .1), vary=.4)
        ellipsoid((x, .477, z + .05), (w * .13, .004, h * .15), material((.34, .26, .2), vary=.3), 12)
        ellipsoid((x, .476, z + .09), (w * .14, .004, h * .1), material((.05, .04, .035)), 12)
        ellipsoid((x, .478, z - .17), (w * .3, .004, h * .22), c, 12)
    with Placed((1.95, -.02, 0), -.9):
        box((-.4, 0, 1.15), (.8, .05, 2.3), look["paint"])
        for z in (.55, 1.6):
            box((-.4, -.03, z), (.6, .02, .8), look["wood"])
    box((2.17, -.25, 1.6), (.36, .06, 2.0), look["board"])
    text("CHỤP\nẢNH\nNGHỆ\nTHUẬT", "sans", .13, look["letter"], (2.17, -.29, 1.9), extrude=.004, width=.3)
    text("Tráng rửa\nPhóng ảnh\nTruyền thần", "italic", .09, look["letter"], (2.17, -.29, 1.0), extrude=.003, width=.32)
    road = material((.2, .18, .16), rough=.6, vary=.45, scale=1, bump=.5)
    kit.grid((40, 14), (40, 20), lambda x, y: .01 * math.sin(x * 3 + y), road, (0, -8.2, -.12))
    box((0, 1.1, -.08), (30, 6, .14), material((.34, .31, .28), vary=.35, scale=2, bump=.5))
    black, steel, rubber = material((.02, .02, .022), rough=.3), material((.45, .45, .45), metal=1, rough=.3), material((.025, .024, .022))
    bicycle((-.95, -.72, 0), .06, black, steel, rubber, -.2)
    for x, y, k in ((.75, -.45, 1.1), (-2.25, -.5, 1.0), (1.15, -.6, .8)):
        pot_plant((x, y, 0), look["goods"][0], look["leaf"], r, k, 160)
    with Placed((-4.3, 0, 0)):
        goods(3.4, r, side["goods"], look["leaf"])
    with Placed((4.3, 0, 0)):
        goods(3.0, r, side["goods"], look["leaf"])
    tube([(-2.6, -1.6, -.1), (-2.55, -1.6, 8)], .11, look["wood"], smooth=False)
    for z in (5.4, 5.7, 6):
        tube([(-9, -1.4, z + .3), (-2.55, -1.6, z), (4, -1.4, z - .3), (9, -1.2, z)], .012, rubber)
    leaves((4.6, -3.2, 6.2), (2.4, 1.6, 1.2), 900, .24, look["leaf"], r)
    kit.sky((.6, .72, .95), (1, .97, .9), .9, .2)
    kit.sun((-.5, -.5, .6), 2.6, 5)
    kit.outdoors()
    kit.camera((1.3, -7.3, 1.55), (-.05, 0, 2.12), lens=37, fstop=8, focus=7.2, roll=-.8)
    s["exposure"] = -.35
    return s


def wall():
    s = kit.start(1200, 900, 33)
    r = kit.RNG
    look = palette(r, (.62, .4, .1), (.04, .15, .12))
    yellow = material((.62, .4, .09), vary=.14, scale=1.1, streak=.3, ground=.35, peel=.2, bump=.3)
    box((0, .15, 2), (14, .3, 5), yellow)
    shutters(-.95, 1.75, 1.15, 1.6, look["paint"], look["dark"], .0)
    shutters(1.75, 1.75, 1.15, 1.6, look["paint"], look["dark"], .35)
    box((0, -.04, .25), (14, .12, .5), material((.35, .3, .24), vary=.3, streak=.4))
    box((0, -1.6, -.05), (14, 3.2, .1), brick_paving())
    black, steel, rubber = material((.02, .1, .09), rough=.25), material((.5, .5, .5), metal=1, rough=.25), material((.025, .024, .022))
    bicycle((.35, -.42, 0), .03, black, steel, rubber, -.16)
    straw = material((.5, .42, .24), vary=.3, grain=(1, 1, 60))
    lathe([(.235, 0), (.12, .13), (.004, .25)], straw, (.72, -.56, .98), rot=(1.1, .2, 0))
    red = material((.6, .05, .08), vary=.3)
    for x, k in ((-2.3, 1.1), (-1.75, .85), (2.6, 1.2), (1.55, .7)):
        pot_plant((x, -.45, 0), look["goods"][0], look["leaf"], r, k, 170)
        leaves((x, -.45, .68 * k), (.25 * k, .25 * k, .3 * k), 26, .07, red, r)
    pink = material((.7, .07, .25), vary=.3)
    leaves((-2.9, -.25, 3.1), (1.5, .5, .7), 900, .12, look["leaf"], r)
    leaves((-2.7, -.35, 3.05), (1.5, .45, .7), 700, .09, pink, r)
    for k in range(7):
        leaves((-2.6 + k * .14, -.2, 2.5 - k * .12), (.25, .15, .3), 70, .1, look["leaf"], r)
        leaves((-2.6 + k * .14, -.28, 2.5 - k * .12), (.25, .15, .3), 60, .08, pink, r)
    kit.sky((.45, .6, .95), (.9, .93, 1), .8, .15)
    kit.sun((-.55, -.6, .75), 3.2, 1.2)
    kit.outdoors()
    kit.camera((.2, -4.9, 1.45), (.02, 0, 1.32), lens=38, fstop=5.6, focus=4.6, roll=0)
    s["exposure"] = -.25
    return s


def brick_paving():
    m = material((.3, .13, .09), vary=.3, scale=3, bump=.4)
    n = kit.Nodes(m.node_tree)
    sh = next(x for x in m.node_tree.nodes if x.type == "BSDF_PRINCIPLED")
    old = sh.inputs["Base Color"].links[0].from_socket
    joint = n.add("ShaderNodeTexBrick", _out=1, _in={"Vector": n.add("ShaderNodeTexCoord", _out=None).outputs["Object"], "Scale": 2.2, "Mortar Size": .02})
    m.node_tree.links.new(n.mix(joint, old, (.09, .08, .07, 1)), sh.inputs["Base Color"])
    return m


SCENES = {"street": street, "shop": shop, "wall": wall}
