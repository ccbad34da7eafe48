"""A tiled country house, and the main room of another one."""
import math

import numpy as np

import kit
from kit import box, cyl, ellipsoid, lathe, material, mesh, text, tube


def tile_roof(x0, x1, y0, z0, y1, z1, mats, r, pitch=.17, row=.2, sag=.06):
    """Rows of rounded clay tiles from the eaves (y0, z0) up to the ridge (y1, z1), laid by hand: all a little off."""
    length = math.hypot(y1 - y0, z1 - z0)
    ang = math.atan2(z1 - z0, y1 - y0)
    nx, ny = int((x1 - x0) / pitch), int(length / row)
    parts = [([], []) for _ in mats]
    arc = np.linspace(-1, 1, 5)
    for j in range(ny + 1):
        for i in range(nx):
            v, f = parts[r.integers(len(mats))]
            s = j * row
            u = (i + .5) / nx
            dz = -sag * math.sin(math.pi * u) * math.sin(math.pi * min(1, s / length)) + r.normal(0, .006)
            cx = x0 + (i + .5) * pitch + r.normal(0, .006)
            tilt, turn = r.normal(.06, .02), r.normal(0, .03)
            if r.random() < .012:
                continue
            b = len(v)
            for t in (0, row * 1.35):
                for q in arc:
                    bump = .045 * (1 - q * q) + (-.012 if j % 1 else 0)
                    y = y0 + (s + t) * math.cos(ang) - math.sin(ang) * bump
                    z = z0 + (s + t) * math.sin(ang) + math.cos(ang) * bump + dz + .035 - t * tilt
                    v.append((cx + q * pitch * .56 + turn * t, y, z))
            f += [(b + k, b + k + 1, b + 6 + k, b + 5 + k) for k in range(4)]
    for (v, f), m in zip(parts, mats):
        mesh(v, f, m, True)
    box(((x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2 - .03), (x1 - x0, length, .04), mats[0], rot=(ang, 0, 0))


def jar(loc, mat, s=1.0):
    lathe([(q * s, h * s) for q, h in ((.001, 0), (.2, 0), (.26, .1), (.34, .35), (.36, .5), (.3, .72), (.22, .8), (.25, .84), (.25, .86), (.2, .86), (.18, .7))], mat, loc, wobble=.01)


def pot_plant(loc, clay, leaf, r, s=1.0, n=60):
    lathe([(q * s, h * s) for q, h in ((.001, 0), (.1, 0), (.16, .24), (.18, .25), (.18, .29), (.15, .29), (.14, .22), (.001, .22))], clay, loc)
    x, y, z = loc
    for _ in range(7):
        top = (x + r.normal(0, .12) * s, y + r.normal(0, .12) * s, z + r.uniform(.5, .95) * s)
        tube([(x, y, z + .2 * s), (x, y, z + .4 * s), top], .008 * s, clay)
    leaves((x, y, z + .68 * s), (.24 * s, .24 * s, .28 * s), n, .13 * s, leaf, r)


def leaves(center, radii, n, size, mat, r):
    """Many small leaves filling an ellipsoid, in one mesh."""
    v, f = [], []
    for _ in range(n):
        d = r.normal(size=3)
        p = np.array(center) + d / np.linalg.norm(d) * np.array(radii) * r.uniform(.25, 1) ** .5
        a = r.normal(size=3)
        a /= np.linalg.norm(a)
        b = np.cross(a, r.normal(size=3))
        b /= np.linalg.norm(b)
        k = size * r.uniform(.6, 1.3)
        i = len(v)
        v += [p - a * k / 2, p + b * k * .22, p + a * k / 2 + np.cross(a, b) * k * .15, p - b * k * .22]
        f.append((i, i + 1, i + 2, i + 3))
    mesh(v, f, mat)


def bamboo(x, y, n, height, stem, leaf, r, spread=1.2):
    for _ in range(n):
        px, py = x + r.normal(0, spread * .35), y + r.normal(0, spread * .35)
        h, a, lean = height * r.uniform(.7, 1.1), r.uniform(0, 6.28), r.uniform(.1, .3)
        pts = [(px + math.cos(a) * lean * h * t ** 2.2, py + math.sin(a) * lean * h * t ** 2.2, h * t * (1 - .12 * t ** 3)) for t in np.linspace(0, 1, 9)]
        tube(pts, np.linspace(.05, .012, 9), stem)
        for p in pts[4:]:
            leaves(p, (.75, .75, .5), 70, .36, leaf, r)


def banana(x, y, h, mat, stem, r):
    tube([(x, y, 0), (x + .03, y, h * .5), (x, y, h)], [.14, .11, .07], stem)
    for k in range(9):
        a, up, ln = k * 2.4 + r.normal(0, .2), r.uniform(.5, 1.1), r.uniform(1.5, 2.3)
        d = np.array([math.cos(a), math.sin(a)])
        v, f, n = [], [], 14
        for i in range(n + 1):
            t = i / n
            p = np.array([x, y, h]) + np.array([*(d * ln * t * .75), ln * (up * t - 1.1 * t * t)])
            w = .3 * math.sin(math.pi * min(1, t * .97 + .03)) ** .6
            side = np.array([-d[1], d[0], 0])
            for s in (-1, 0, 1):
                v.append(p + side * s * w + np.array([0, 0, .12 * abs(s) * w + r.normal(0, .02)]))
        for i in range(n):
            for s in (0, 1):
                if r.random() > .1:
                    f.append((i * 3 + s, i * 3 + s + 1, i * 3 + s + 4, i * 3 + s + 3))
        mesh(v, f, mat, True)


def panel_door(x, z, w, h, y, wood, slats=9, open_=0.):
    """Two leaves: solid foot, turned bars above, as in houses of the north."""
    for side in (-1, 1):
        cx = x + side * w / 4
        box((cx, y, z + h * .22), (w / 2 - .03, .05, h * .44), wood, rot=(0, 0, side * open_))
        box((cx, y - .03, z + h * .22), (w / 2 - .14, .03, h * .34), wood, rot=(0, 0, side * open_))
        for q in (.46, .96):
            box((cx, y, z + h * q), (w / 2 - .03, .06, .06), wood)
        for k in range(slats):
            bx = cx - w / 4 + .05 + k * (w / 2 - .1) / (slats - 1)
            cyl((bx, y, z + h * .71), .016, h * .5, wood, seg=10)
    for q in (-.5, .5):
        box((x + q * w, y, z + h / 2), (.1, .14, h + .1), wood)
    box((x, y, z + h + .04), (w + .2, .16, .1), wood)


def bench(loc, w, wood, rot=0.):
    x, y, z = loc
    c, s = math.cos(rot), math.sin(rot)
    box((x, y, z + .42), (w, .3, .04), wood, rot=(0, 0, rot))
    for q in (-.42, .42):
        for d in (-.1, .1):
            box((x + q * w * c - d * s, y + q * w * s + d * c, z + .2), (.05, .05, .42), wood, rot=(0, 0, rot))


def house():
    s = kit.start(1200, 844, 21)
    r = kit.RNG
    tiles = [material(c, vary=.5, scale=8, bump=.5) for c in ((.13, .055, .035), (.09, .05, .04), (.16, .075, .045), (.07, .055, .045))]
    lime = material((.5, .47, .4), vary=.22, scale=1.5, streak=.65, ground=.55, peel=.32, bump=.4)
    wood = material((.1, .065, .04), vary=.5, grain=(10, 10, 1), streak=.4, ground=.3, bump=.4)
    stone = material((.22, .2, .17), vary=.4, scale=3, bump=.6)
    earth = material((.2, .15, .1), vary=.45, scale=2.2, bump=.8, rough=.95)
    leaf, pale = kit.leaf_material((.05, .1, .025)), kit.leaf_material((.09, .13, .04))
    glaze, clay = material((.09, .055, .03), rough=.3, vary=.5, scale=4), material((.2, .1, .06), vary=.4)
    dark = material((.012, .011, .01))
    kit.grid((60, 40), (90, 60), lambda x, y: .05 * math.sin(x * 1.7 + y) + .04 * math.sin(y * 2.3 - x) if y < -.4 else 0, earth, (0, 0, -.04))
    box((0, 2.2, .14), (10.4, 6, .36), stone, bevel=.03)
    box((0, -1.05, .02), (2.2, .6, .2), stone, bevel=.03)
    W = 4.9
    box((0, 4.9, 1.7), (2 * W, .2, 3.2), lime)
    for q in (-1, 1):
        box((q * (W - .1), 2.6, 1.7), (.25, 4.6, 3.2), lime)
        box((q * 3.75, .5, 1.65), (2.3, .25, 2.8), lime)
        gable = [(-2.3, 0), (2.3, 0), (0, 1.75)]
        v = [(d, y + 2.55, z + 3.2) for d in (-.12, .12) for y, z in gable]
        mesh(v, [(0, 1, 2), (3, 4, 5), (0, 1, 4, 3), (1, 2, 5, 4), (2, 0, 3, 5)], lime, loc=(q * (W - .1), 0, 0))
    for k in (-1, 0, 1):
        panel_door(k * 1.75, .34, 1.5, 2.25, .62, wood, open_=.0)
    box((0, 3, 1.5), (5.4, .05, 3), dark)
    for k in range(6):
        x = -4.6 + k * 1.84
        cyl((x, -.35, 1.55), .12, 2.5, wood)
        lathe([(.001, 0), (.2, 0), (.2, .06), (.15, .12), (.13, .16)], stone, (x, -.35, .3))
        box((x, .1, 2.75), (.1, 1.1, .14), wood)
    box((0, -.35, 2.86), (10, .14, .18), wood)
    for k in range(40):
        box((-4.9 + k * .25, -.3, 2.93), (.05, 1.7, .05), wood, rot=(.34, 0, 0), bevel=0)
    tile_roof(-5.4, 5.4, -1.05, 2.7, 2.6, 4.95, tiles, r)
    tile_roof(-5.4, 5.4, 6.0, 3.0, 2.6, 4.95, tiles[:1], r, pitch=.5, row=.5)
    tube([(-5.5, 2.6, 5.1), (-2, 2.6, 5.0), (2, 2.6, 5.0), (5.5, 2.6, 5.1)], .13, lime)
    for q in (-1, 1):
        tube([(q * 5.3, 2.6, 5.1), (q * 5.55, 2.6, 5.2), (q * 5.6, 2.6, 5.5), (q * 5.4, 2.6, 5.62)], [.12, .1, .06, .03], lime)
    for x, y, k in ((-4.2, -1.5, 1.15), (-3.4, -1.75, .95), (-4.75, -2.1, .8), (4.6, -1.4, 1.1)):
        jar((x, y, -.02), glaze, k)
    lathe([(.001, .06), (.3, .05), (.34, 0)], wood, (-3.4, -1.75, .8))
    for x, y, k in ((2.2, -1.4, 1.0), (2.9, -1.7, 1.25), (3.6, -1.35, .9), (-1.7, -1.35, .8), (1.5, -1.2, .65)):
        pot_plant((x, y, 0), clay, leaf, r, k, 130)
    bench((-2.1, -.95, .02), 1.4, wood, .08)
    for k in range(3):
        lathe([(.18 + .02 * k, 0), (.24, .09), (.22, .1), (.001, .03)], pale if k == 9 else clay, (-2.4 + .45 * k, -.95, .46), wobble=.03)
    # drying rack, bicycle wheel of the world: poles, nets, a flat basket, a ladder, a broom
    for q in (-1, 1):
        tube([(3.2 + q * 1.1, -3.2, 0), (3.25 + q * 1.1, -3.2, 1.75)], .028, wood, smooth=False)
    tube([(2, -3.2, 1.68), (3.2, -3.2, 1.62), (4.5, -3.2, 1.7)], .02, wood)
    linen = material((.5, .5, .46), vary=.15, scale=8)
    for k, (w, h, m) in enumerate(((.55, .8, linen), (.4, .6, material((.1, .1, .12), vary=.3)), (.5, .75, material((.28, .2, .15), vary=.3)))):
        x0 = 2.3 + k * .72
        v = [(x0 + u * w, -3.2 + .05 * math.sin(u * 9 + k + t * 2) * t, 1.66 - t * h + .02 * math.sin(u * 5)) for t in np.linspace(0, 1, 10) for u in np.linspace(0, 1, 14)]
        mesh(v, [(j * 14 + i, j * 14 + i + 1, (j + 1) * 14 + i + 1, (j + 1) * 14 + i) for j in range(9) for i in range(13)], m, True)
    for q in (0, .4):
        tube([(-4.0 + q, -.6, .3), (-4.1 + q, -.15, 2.6)], .025, wood, smooth=False)
    for k in range(6):
        tube([(-4.02, -.6 + .075 * k + .05, .55 + .38 * k), (-3.62, -.6 + .075 * k + .05, .55 + .38 * k)], .018, wood, smooth=False)
    litter = material((.12, .085, .04), vary=.5, scale=9)
    leaves((0, -3.5, .03), (9, 3.5, .02), 900, .09, litter, r)
    leaves((-5, -3, .03), (3, 2.5, .02), 300, .07, pale, r)
    for x, y in ((-7.5, 4), (-6.6, 7), (7.4, 5), (6.3, 8.5), (-2, 9), (2.5, 9.5)):
        bamboo(x, y, 11, 7.2, material((.16, .18, .07), vary=.3), leaf, r, 1.7)
    banana(6.4, .6, 2.1, pale, clay, r)
    banana(7.3, 1.6, 2.6, pale, clay, r)
    banana(-6.3, .2, 1.9, pale, clay, r)
    for k in range(46):
        x = -11 + k * .5
        tube([(x, 11, 0), (x + r.normal(0, .1), 11, r.uniform(1.2, 2))], .05, wood, smooth=False)
    leaves((-9.5, -1.2, 4.9), (2.6, 1.5, 1.2), 700, .3, leaf, r)
    kit.sky((.7, .76, .85), (.95, .93, .88), 1.1, .2)
    kit.sun((-.6, -.55, .62), 2.4, 7)
    kit.mist((.75, .74, .7), 12, 60)
    kit.outdoors()
    kit.camera((-2.4, -10.2, 1.62), (-.15, 1.0, 2.0), lens=36, fstop=11, focus=10, roll=.9)
    s["exposure"] = -.35
    return s


def altar_chair(loc, rot, wood):
    x, y, z = loc
    c, s = math.cos(rot), math.sin(rot)
    def at(a, b, h):
        return (x + a * c - b * s, y + a * s + b * c, z + h)
    box(at(0, 0, .44), (.52, .48, .04), wood, rot=(0, 0, rot))
    for a in (-.22, .22):
        for b in (-.2, .2):
            box(at(a, b, .22), (.05, .05, .44), wood, rot=(0, 0, rot))
        tube([at(a, .21, .44), at(a * 1.05, .24, .8), at(a, .27, 1.06)], .024, wood)
        tube([at(a, .21, .68), at(a * 1.1, 0, .68), at(a * 1.1, -.22, .66)], .022, wood)
        tube([at(a * 1.05, -.2, .44), at(a * 1.1, -.2, .66)], .02, wood, smooth=False)
    tube([at(-.26, .27, 1.05), at(0, .27, 1.13), at(.26, .27, 1.05)], .03, wood)
    box(at(0, .24, .75), (.16, .02, .6), wood, rot=(-.08, 0, rot))
    box(at(0, -.2, .12), (.5, .04, .04), wood, rot=(0, 0, rot))


def room():
    s = kit.start(1200, 900, 22)
    r = kit.RNG
    wall = material((.4, .4, .33), vary=.3, scale=1.0, streak=.2, ground=.4, bump=.2, peel=.12)
    wood = material((.07, .03, .018), rough=.35, vary=.5, grain=(8, 8, 1.2), bump=.2, spec=.5)
    tilef = floor_tiles()
    white = material((.6, .58, .5), vary=.15)
    brass = material((.5, .36, .14), rough=.3, metal=1, vary=.3)
    box((0, 0, -.05), (6, 8, .1), tilef, bevel=0)
    box((0, 3, 1.7), (6, .15, 3.6), wall)
    box((2.6, 0, 1.7), (.15, 8, 3.6), wall)
    box((0, 0, 3.45), (6, 8, .1), material((.3, .28, .22), vary=.3, grain=(9, 1, 1)))
    for k in range(5):
        box((0, -1.5 + k * 1.1, 3.3), (6, .14, .18), wood)
    # left wall with a shuttered window and a door
    for y, d in ((-3.0, 2.2), (-.15, 1.1), (2.7, .9)):
        box((-2.6, y, 1.7), (.2, d, 3.6), wall)
    box((-2.6, -1.3, .4), (.2, 1.3, .85), wall)
    box((-2.6, -1.3, 3.0), (.2, 1.3, 1.0), wall)
    box((-2.6, 1.32, 3.05), (.2, 1.9, .9), wall)
    for y in np.linspace(-1.85, -.75, 8):
        cyl((-2.6, y, 1.65), .014, 1.7, wood, seg=10)
    for y, z, a, b in ((-1.3, .84, 1.3, .06), (-1.3, 2.5, 1.3, .06), (-1.95, 1.67, .07, 1.7), (-.67, 1.67, .07, 1.7), (.45, 1.3, .09, 2.6), (2.2, 1.3, .09, 2.6)):
        box((-2.6, y, z), (.26, a, b), wood)
    for q, a in ((-.6, .5), (-2.0, -.4)):
        for k in range(13):
            box((-2.28, q, .95 + k * .12), (.04, .56, .05), wood, rot=(0, .5, a))
    # altar
    box((.2, 2.55, 1.12), (2.1, .66, .07), wood)
    box((.2, 2.25, 1.0), (2.0, .04, .18), wood)
    for q in (-.9, .9):
        for y in (2.3, 2.8):
            tube([(.2 + q, y, 0), (.2 + q * .97, y, .2), (.2 + q * 1.02, y, .8), (.2 + q, y, 1.1)], .05, wood)
    for k in range(17):
        box((.2 - .88 + k * .11, 2.24, .82), (.03, .02, .2), wood, rot=(0, (-1) ** k * .5, 0))
    lathe([(.001, 0), (.06, 0), (.05, .02), (.1, .08), (.13, .14), (.12, .2), (.14, .21), (.11, .21), (.001, .17)], brass, (.2, 2.5, 1.155))
    for k in range(9):
        tube([(.2 + r.normal(0, .03), 2.5, 1.33), (.2 + r.normal(0, .05), 2.5 + r.normal(0, .02), 1.55)], .003, wood, smooth=False)
    for q in (-.5, .5):
        lathe([(.001, 0), (.08, 0), (.07, .02), (.02, .06), (.03, .2), (.018, .3), (.05, .33), (.05, .34), (.012, .35), (.01, .5), (.001, .5)], brass, (.2 + q, 2.5, 1.155))
        lathe([(.001, 0), (.05, 0), (.08, .07), (.085, .14), (.05, .23), (.03, .27), (.045, .31), (.03, .3)], white, (.2 + q * 1.65, 2.55, 1.155))
    leaf = kit.leaf_material((.07, .12, .04))
    leaves((-.62, 2.55, 1.6), (.16, .16, .2), 70, .1, leaf, r)
    leaves((1.02, 2.55, 1.6), (.16, .16, .2), 70, .1, leaf, r)
    orange = material((.5, .25, .06), vary=.2)
    lathe([(.001, 0), (.07, 0), (.04, .03), (.05, .06), (.16, .09), (.001, .08)], white, (-.05, 2.4, 1.155))
    for k in range(5):
        ellipsoid((-.05 + .07 * math.cos(k * 1.26), 2.4 + .07 * math.sin(k * 1.26), 1.28), (.05, .05, .045), orange, 12)
    ellipsoid((-.05, 2.4, 1.35), (.05, .05, .045), orange, 12)
    # couplets, board, pictures, clock
    red, gold = material((.12, .02, .015), rough=.4, vary=.3), material((.6, .42, .12), rough=.35, metal=.7, vary=.3)
    box((.2, 2.88, 2.75), (2.0, .05, .5), red, rot=(.12, 0, 0))
    text("ĐỨC LƯU QUANG", "display", .27, gold, (.2, 2.845, 2.74), (math.pi / 2 + .12, 0, 0), .008, width=1.8)
    for q, t in ((-1, "TỔ\nTÔNG\nCÔNG\nĐỨC"), (1, "CON\nCHÁU\nTHẢO\nHIỀN")):
        box((.2 + q * 1.35, 2.9, 1.85), (.3, .03, 1.25), red)
        text(t, "display", .17, gold, (.2 + q * 1.35, 2.88, 1.85), extrude=.005, width=.26)
    for x, z, w, h in ((.2, 1.95, .5, .66), (-.28, 1.85, .34, .44), (.68, 1.85, .34, .44)):
        box((x, 2.88, z), (w, .03, h), wood, rot=(.1, 0, 0))
        box((x, 2.86, z), (w - .08, .02, h - .08), white, rot=(.1, 0, 0))
        shade = material((.22, .2, .17), vary=.75, scale=4.5)
        box((x, 2.85, z), (w - .15, .02, h - .16), shade, rot=(.1, 0, 0))
    box((2.45, 1.3, 1.9), (.14, .34, .8), wood)
    cyl((2.37, 1.3, 2.08), .13, .02, white, rot=(0, math.pi / 2, 0))
    cyl((2.37, 1.3, 1.68), .06, .02, brass, rot=(0, math.pi / 2, 0))
    # table with tea, chairs, a carved chest, a hat
    box((.15, .95, .76), (1.15, .75, .05), wood)
    for a in (-.5, .5):
        for b in (-.3, .3):
            box((.15 + a, .95 + b, .37), (.06, .06, .74), wood)
    box((.15, .62, .68), (1.0, .03, .1), wood)
    lathe([(.001, 0), (.06, 0), (.075, .06), (.06, .11), (.02, .13), (.02, .145), (.001, .15)], white, (.1, .95, .79))
    tube([(.17, .95, .84), (.22, .95, .86), (.25, .95, .91)], [.014, .01, .008], white)
    for k in range(4):
        lathe([(.001, 0), (.018, 0), (.035, .045), (.033, .045), (.001, .01)], white, (.1 + .22 * math.cos(k * 1.7 + .5), .92 + .16 * math.sin(k * 1.7 + .5), .785))
    for x, y, a in ((-.8, .9, 1.5), (1.15, 1.0, -1.6), (.7, -.05, 2.8), (-.45, -.1, 3.5)):
        altar_chair((x, y, 0), a, wood)
    box((1.95, 2.4, .45), (1.0, .7, .9), wood)
    box((1.95, 2.03, .45), (.85, .03, .7), wood)
    cyl((1.95, 2.0, .62), .06, .02, brass, rot=(math.pi / 2, 0, 0))
    lathe([(.22, 0), (.19, .05), (.001, .2)], material((.45, .38, .24), vary=.3, grain=(1, 1, 30)), (1.85, 2.35, .91), wobble=.01)
    for k in range(4):
        box((2.2, 2.5, .92 + k * .04), (.3, .22, .036), red if k % 2 else white, rot=(0, 0, r.normal(0, .2)))
    tube([(.2, 1, 3.4), (.2, 1, 2.75)], .008, wood, smooth=False)
    lathe([(.03, .12), (.06, .1), (.2, .0)], white, (.2, 1, 2.62))
    ellipsoid((.2, 1, 2.62), (.04, .04, .06), white, 10)
    kit.sky((.9, .95, 1), (1, 1, .95), .55, .1)
    kit.area((-3.4, -1.3, 1.9), (0, .6, .6), (1.6, 1.8), 260, (.95, .98, 1))
    kit.area((-3.6, 1.3, 1.6), (0, 1.2, .8), (1.8, 2.6), 330, (.95, .98, 1))
    box((0, -4, 1.7), (6, .1, 3.6), wall)
    kit.area((1.2, -3.8, 2.6), (.2, 2, 1), (2, 1.4), 14)
    kit.camera((.75, -3.2, 1.5), (.08, 2, 1.28), lens=30, fstop=8, focus=4.6, roll=-.7)
    s["exposure"] = .1
    return s


def floor_tiles():
    """Square clay tiles with dark joints, worn smooth."""
    m = material((.2, .1, .07), rough=.45, vary=.4, scale=2.5, spec=.4)
    n = kit.Nodes(m.node_tree)
    sh = next(x for x in m.node_tree.nodes if x.type == "BSDF_PRINCIPLED")
    old = sh.inputs["Base Color"].links[0].from_socket
    vec = n.add("ShaderNodeTexCoord", _out=None).outputs["Object"]
    joint = n.add("ShaderNodeTexBrick", _out=1, offset=0., _in={"Vector": vec, "Scale": 1.7, "Mortar Size": .012, "Brick Width": .5, "Row Height": .5})
    m.node_tree.links.new(n.mix(joint, old, (.03, .025, .02, 1)), sh.inputs["Base Color"])
    return m


SCENES = {"house": house, "room": room}
