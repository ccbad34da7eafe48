"""Two still lifes by a window: tea on a bamboo table, and a reading table with a lamp."""
import math

import numpy as np

import kit
from kit import box, cyl, ellipsoid, lathe, material, mesh, text, tube


def window(x, z, w, h, mat, y0=-1.2):
    """Wooden casement in the left wall (x = const), with real light outside."""
    for k in range(4):
        box((x, y0 + k * w / 3, z), (.05, .045, h), mat)
    for k in range(4):
        box((x, y0 + w / 2, z - h / 2 + k * h / 3), (.045, w, .035), mat)


def teapot(loc, clay, s=1.0):
    prof = [(.001, 0), (.045, 0), (.05, .004), (.07, .03), (.078, .055), (.07, .085), (.045, .105), (.034, .11), (.034, .113)]
    lathe([(r * s, h * s) for r, h in prof], clay, loc)
    x, y, z = loc
    lathe([(q * s, h * s) for q, h in ((.001, .133), (.011, .132), (.013, .126), (.008, .12), (.028, .115), (.04, .107))], clay, (x, y, z))
    tube([(x + .065 * s, y, z + .05 * s), (x + .095 * s, y, z + .06 * s), (x + .11 * s, y, z + .09 * s), (x + .13 * s, y, z + .107 * s)],
         [.016 * s, .012 * s, .009 * s, .007 * s], clay)
    tube([(x - .05 * s, y, z + .095 * s), (x - .1 * s, y, z + .1 * s), (x - .12 * s, y, z + .06 * s), (x - .07 * s, y, z + .03 * s)], .006 * s, clay)


def cup(loc, glaze, tea):
    lathe([(.001, .004), (.016, .004), (.017, 0), (.019, .004), (.03, .02), (.036, .045), (.034, .045), (.028, .02), (.001, .012)], glaze, loc)
    cyl((loc[0], loc[1], loc[2] + .034), .0315, .002, tea)


def porcelain():
    """White glaze with a cobalt drawing: rings and blotches of blue."""
    m = material((.72, .74, .72), rough=.15, vary=.06, spec=.5, bump=.02)
    n = kit.Nodes(m.node_tree)
    sh = next(x for x in m.node_tree.nodes if x.type == "BSDF_PRINCIPLED")
    old = sh.inputs["Base Color"].links[0].from_socket
    vec = n.add("ShaderNodeTexCoord", _out=None).outputs["Object"]
    z = n.add("ShaderNodeSeparateXYZ", _out=2, _in={0: vec})
    wave = n.add("ShaderNodeMath", operation="SINE", _in={0: n.add("ShaderNodeMath", operation="MULTIPLY", _in={0: z, 1: 110.})})
    rings = n.range(wave, .93, .96, 0, .8)
    blot = n.range(n.noise(vec, 34, 3, .5), .56, .6, 0, .75)
    fac = n.add("ShaderNodeMath", operation="MAXIMUM", _in={0: rings, 1: blot})
    m.node_tree.links.new(n.mix(fac, old, (.03, .06, .25, 1)), sh.inputs["Base Color"])
    return m


def tea():
    s = kit.start(1200, 900, 11)
    r = kit.RNG
    wall = material((.52, .5, .36), vary=.3, scale=1.2, streak=.35, bump=.25)
    wood = material((.16, .08, .045), rough=.5, vary=.45, scale=3, grain=(1.5, 14, 14), bump=.3)
    dark = material((.05, .03, .02), rough=.4, vary=.4, grain=(12, 12, 2))
    glaze, clay = porcelain(), material((.17, .06, .035), rough=.42, vary=.2, scale=30, bump=.1)
    brew = material((.12, .05, .01), rough=.08, vary=.02)
    box((0, 1.2, 0), (5, .1, 5), wall)
    box((-1.9, 0, .2), (.08, 5, 1.4), wall)
    for k in range(6):
        box((0, -.42 + k * .165, -.02), (2.2, .16, .04), wood, rot=(0, 0, r.normal(0, .003)), bevel=.004)
    teapot((.05, .12, 0), clay, 1.25)
    tray = [(.001, .006), (.2, .006), (.22, .022), (.225, .022), (.21, 0), (.001, 0)]
    lathe(tray, dark, (-.22, -.05, 0))
    for a, q in ((0, .1), (1.9, .09), (3.5, .1), (5, .08)):
        cup((-.22 + q * math.cos(a), -.05 + q * math.sin(a), .007), glaze, brew)
    lathe([(.001, .0), (.05, 0), (.055, .01), (.1, .05), (.135, .065), (.135, .069), (.1, .056), (.001, .02)], glaze, (.38, -.08, 0))
    orange, banana = material((.55, .2, .02), rough=.4, vary=.15, scale=40, bump=.25), material((.5, .36, .05), rough=.5, vary=.3, scale=9)
    leaf = kit.leaf_material((.06, .13, .03))
    for x, y, z in ((.34, -.1, .075), (.42, -.12, .073), (.38, -.02, .074), (.383, -.08, .128)):
        ellipsoid((x, y, z), (.037, .037, .034), orange, rot=r.uniform(-1, 1, 3))
    for k in range(5):
        a = -.5 + k * .22
        p = [(.66 + .03 * k, .02 + .012 * k, .03 + .1 * math.sin(t) * .5) for t in (0, .7)]
        tube([(.12, -.22, .05), (.06 + .035 * k, -.25 - .012 * k, .07), (.01 + .045 * k, -.31 - .012 * k, .05), (-.02 + .05 * k, -.36 - .004 * k, .022)], [.008, .017, .016, .006], banana)
    vase = [(.001, 0), (.05, 0), (.075, .06), (.085, .13), (.06, .2), (.03, .24), (.028, .29), (.04, .31), (.036, .31), (.02, .26)]
    lathe(vase, glaze, (-.52, .35, 0))
    flower = material((.6, .12, .16), rough=.6, vary=.3)
    for k in range(9):
        a, b = r.uniform(-.5, .5), r.uniform(-.3, .3)
        top = (-.52 + a * .45, .35 + b * .4, .46 + r.uniform(0, .24))
        tube([(-.52, .35, .28), (-.52 + a * .1, .35 + b * .1, .4), top], .0035, leaf)
        if k < 7:
            petals(top, flower, r)
        for _ in range(4):
            frond(np.array(top) - (0, 0, r.uniform(.03, .18)), .1, leaf, r)
    box((.62, .62, .2), (.34, .04, .46), dark, rot=(-.22, 0, -.3))
    box((.617, .594, .2), (.28, .01, .4), material((.4, .37, .3), vary=.4, scale=9), rot=(-.22, 0, -.3))
    text("Phúc", "italic", .2, material((.12, .03, .02)), (.612, .586, .2), (math.pi / 2 - .22, 0, -.3), .0005)
    cloth = material((.42, .42, .4), vary=.2, scale=60, bump=.5)
    drape((.34, -.42), (.62, .44), cloth, r)
    kit.sky(strength=.1)
    kit.area((-1.5, -.35, .95), (.1, .1, .1), (.7, .9), 46, (.97, .98, 1))
    kit.area((2.2, -2, 2), (0, 0, 0), (2, 2), 7, (1, .9, .75))
    kit.camera((.12, -1.65, .62), (.04, .1, .16), lens=50, fstop=4, focus=1.62, roll=.8)
    return s


def petals(at, mat, r):
    """Loose double blossom."""
    for ring, q in ((0, .032), (1, .022)):
        for k in range(7):
            a = 2 * math.pi * k / 7 + ring * .4
            o = ellipsoid((at[0] + q * math.cos(a), at[1] + q * .6 * math.sin(a), at[2] + ring * .01), (.022, .017, .006), mat, 8,
                          rot=(r.normal(0, .4), r.normal(0, .4), a))


def frond(at, size, mat, r):
    a, e = r.uniform(0, 6.28), r.uniform(-.3, .6)
    d = np.array([math.cos(a) * math.cos(e), math.sin(a) * math.cos(e), math.sin(e)])
    side = np.cross(d, (0, 0, 1)) * .22
    v = [at, at + size * (d * .4 + side), at + size * (d * .4 - side + (0, 0, .06)), at + size * (d + np.array([0, 0, -.15]))]
    mesh(v, [(0, 1, 2), (1, 3, 2)], mat, True)


def drape(at, size, mat, r, drop=.25):
    """A cloth lying on the table and over its front edge (y < at.y falls)."""
    n = 60
    ph = r.uniform(0, 6, 6)
    def pos(u, v):
        x = (u - .5) * size[0]
        y = v * (size[1] + drop) - drop
        w = .006 * math.sin(9 * x + ph[0] + 6 * v) + .004 * math.sin(21 * x - 8 * v + ph[1])
        if y >= 0:
            return (at[0] + x + .03 * y, at[1] + y + .05 * x, .007 + max(-.004, w))
        return (at[0] + x, at[1] - .02 + w * 3 - .01, .005 + y)
    v = [pos(i / n, j / n) for j in range(n + 1) for i in range(n + 1)]
    f = [(j * (n + 1) + i, j * (n + 1) + i + 1, (j + 1) * (n + 1) + i + 1, (j + 1) * (n + 1) + i) for j in range(n) for i in range(n)]
    mesh(v, f, mat, True)


def book(loc, size, rot, cover, pages):
    x, y, z = loc
    w, d, h = size
    c, s = math.cos(rot), math.sin(rot)
    box((x, y, z + h / 2), (w, d, h - .006), pages, rot=(0, 0, rot), bevel=.001)
    for q in (.0015, h - .0015):
        box((x, y, z + q), (w + .008, d + .008, .003), cover, rot=(0, 0, rot), bevel=.001)
    box((x - c * (w / 2 + .003) * 0 + s * (d / 2 + .003), y - c * (d / 2 + .003), z + h / 2), (w + .008, .004, h), cover, rot=(0, 0, rot), bevel=.0015)


def reading():
    s = kit.start(1200, 900, 12)
    r = kit.RNG
    wall = material((.36, .37, .34), vary=.25, scale=1.5, streak=.3, bump=.25)
    wood = material((.1, .055, .03), rough=.4, vary=.45, scale=3, grain=(1.2, 12, 12), bump=.2)
    brass = material((.5, .36, .14), rough=.3, vary=.25, metal=1)
    pages = material((.55, .5, .38), vary=.2, scale=2, grain=(1, 1, 120), bump=.5)
    covers = [material(c, rough=.7, vary=.35, scale=12) for c in ((.12, .03, .025), (.03, .05, .08), (.2, .14, .07), (.05, .07, .04))]
    gold = material((.55, .42, .16), rough=.4, metal=.6)
    box((0, 1.0, 0), (5, .1, 5), wall)
    box((0, .1, -.02), (2.4, 1.3, .04), wood)
    z = 0
    for k, (w, d, h) in enumerate(((.26, .19, .035), (.25, .18, .028), (.22, .16, .04), (.2, .14, .022))):
        a = r.normal(0, .12)
        book((-.36, .1, z), (w, d, h), a, covers[k], pages)
        if k in (0, 2):
            t = ("VIỆT SỬ LƯỢC", "", "THI CA TUYỂN TẬP")[k]
            text(t, "serif", .016, gold, (-.36 + math.sin(a) * (d / 2 + .0055), .1 - math.cos(a) * (d / 2 + .0055), z + h / 2), (math.pi / 2, 0, a), extrude=.0003, width=w * .8)
        z += h
    # an open book, its two blocks of pages bulging from the gutter
    paper = kit.material((.62, .58, .46), vary=.08, scale=5, bump=.05)
    for side in (-1, 1):
        v, f, n = [], [], 24
        for j in (0, 1):
            for i in range(n + 1):
                u = i / n
                hgt = .022 * math.sin(math.pi * min(1, u * 1.15 + .06)) ** .6 * (1 - u * .35) + .004
                v.append((side * u * .15, (j - .5) * .21, hgt))
        f = [(i, i + 1, n + 2 + i, n + 1 + i) for i in range(n)]
        mesh(v, f, paper, True, loc=(.12, -.12, .004), rot=(0, 0, .16))
    box((.12, -.12, .003), (.312, .222, .006), covers[2], rot=(0, 0, .16), bevel=.001)
    ink = material((.03, .03, .03), vary=.1)
    c, q = math.cos(.16), math.sin(.16)
    for side in (-1, 1):
        for k in range(15):
            y = .085 - k * .0118
            w = .115 * (1 if r.random() > .15 else r.uniform(.3, .8))
            for word in range(9):
                x0 = side * .083 - .057 + word * .0128 + r.uniform(0, .002)
                if x0 > side * .083 - .057 + w:
                    break
                hgt = .0235 - .0085 * (abs(x0) / .15) ** 1.6 + .006
                ww = r.uniform(.006, .0115)
                box((.12 + (x0 + ww / 2) * c - y * q, -.12 + (x0 + ww / 2) * q + y * c, hgt), (ww, .0028, .0008), ink, rot=(0, 0, .16), bevel=0)
    # spectacles on the page
    for k in (-1, 1):
        ring = [(.2 + k * .028 + .023 * math.cos(t), -.09 + .012 * k, .05 + .019 * math.sin(t)) for t in np.linspace(0, 2 * math.pi, 17)[:-1]]
        tube(ring, .0016, brass, cyclic=True)
        tube([(.2 + k * .051, -.09 + .012 * k, .055), (.2 + k * .052, .03, .055), (.2 + k * .046, .06, .036)], .0014, brass)
    tube([(.195, -.094, .054), (.2, -.092, .06), (.205, -.088, .054)], .0016, brass)
    # oil lamp
    glass = kit.bpy.data.materials.new("glass")
    glass.use_nodes = True
    glass.node_tree.nodes.clear()
    n = kit.Nodes(glass.node_tree)
    fac = n.add("ShaderNodeLayerWeight", _out=1, _in={0: .35})
    sh = n.add("ShaderNodeMixShader", _in={0: n.range(fac, 0, 1, .06, .75), 1: n.add("ShaderNodeBsdfTransparent", _in={0: (.86, .88, .84, 1)}),
                                           2: n.add("ShaderNodeBsdfGlossy", _in={1: .08})})
    n.add("ShaderNodeOutputMaterial", _out=None, _in={0: sh})
    L = (-.02, .33, 0)
    lathe([(.001, .0), (.075, 0), (.075, .01), (.03, .03), (.02, .07), (.055, .09), (.075, .12), (.07, .15), (.035, .17), (.032, .18)], brass, L)
    lathe([(.03, .18), (.03, .2), (.04, .205), (.04, .22), (.001, .222)], brass, L)
    lathe([(.033, .22), (.052, .26), (.05, .3), (.03, .36), (.026, .47), (.028, .5)], glass, L)
    tube([(L[0] + .04, .33, .19), (L[0] + .07, .33, .19)], .003, brass)
    cyl((L[0] + .072, .33, .19), .011, .004, brass, rot=(0, math.pi / 2, 0))
    # bellows camera
    leather = material((.025, .022, .02), rough=.55, vary=.3, scale=90, bump=.5)
    cx, cy = .4, .2
    box((cx, cy, .075), (.17, .055, .13), leather, rot=(0, 0, -.3), bevel=.012)
    d = np.array([-math.sin(.3), -math.cos(.3)])
    for k in range(9):
        p = np.array([cx, cy]) + d * (.03 + k * .0085)
        box((p[0], p[1], .075), (.1 - k * .004, .006, .09 - k * .004), leather, rot=(0, 0, -.3), bevel=.002)
    p = np.array([cx, cy]) + d * .112
    box((p[0], p[1], .075), (.06, .008, .075), brass, rot=(0, 0, -.3))
    cyl((p[0] + d[0] * .012, p[1] + d[1] * .012, .08), .022, .022, leather, rot=(math.pi / 2, 0, -.3))
    cyl((p[0] + d[0] * .02, p[1] + d[1] * .02, .08), .017, .012, brass, rot=(math.pi / 2, 0, -.3))
    p = np.array([cx, cy]) + d * .07
    box((p[0], p[1], .012), (.1, .12, .006), leather, rot=(0, 0, -.3))
    # ink bottle, pen, letters
    cyl((.4, -.16, .025), .026, .05, material((.02, .025, .04), rough=.1, vary=.1))
    cyl((.4, -.16, .058), .012, .018, brass)
    tube([(.3, -.3, .012), (.46, -.24, .012)], [.003, .0055], leather, smooth=False)
    for k in range(4):
        box((-.22 + r.normal(0, .02), -.26 + r.normal(0, .015), .001 + k * .0012), (.16, .11, .001), paper, rot=(0, 0, r.normal(.2, .12)), bevel=0)
    box((-.62, .75, .45), (.3, .02, .4), wood)
    box((-.62, .738, .45), (.25, .01, .35), material((.3, .28, .24), vary=.5, scale=6))
    kit.sky(strength=.05)
    kit.area((-1.35, .1, .85), (.1, .0, .05), (.6, .8), 42, (.97, .98, 1))
    kit.area((2, -1.5, 1.5), (0, 0, 0), (2, 2), 5, (1, .92, .8))
    kit.camera((.04, -1.36, .62), (.04, .05, .135), lens=52, fstop=2.8, focus=1.36, roll=-1)
    return s


SCENES = {"tea": tea, "reading": reading}
