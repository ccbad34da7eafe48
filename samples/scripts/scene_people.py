"""A studio portrait and a family on its veranda."""
import math

import bpy
import numpy as np

import kit
import people
from kit import box, cyl, lathe, material, mesh, text, tube
from scene_house import altar_chair, bench, floor_tiles, leaves, panel_door, pot_plant
from scene_street import Placed


def sitter(at, turn, seed, female, age, robe, trousers, pose="stand", hands="side", size=1.0, long=True, pattern=None, **look):
    """One person; robe and trousers are grey values."""
    grow = look.pop("grow", 1.1)
    with Placed((0, 0, 0)):
        before = set(bpy.data.objects)
        skin = material(.3, rough=.6, vary=.12)
        silk = material(robe, rough=.48 if robe < .1 else .6, vary=.22, scale=pattern or 3, grain=None if pattern else (7, 7, 1.2), bump=.35, spec=.35)
        neck = people.body(silk, material(trousers, rough=.6, vary=.1, grain=(9, 9, 1), bump=.4), skin, material(.015, rough=.3), pose, hands, long)
        people.head(seed, neck, female, age, grow=grow, **look)
        if age > .85 and not female:
            people.moustache_and_beard(neck, .45)
        m = people.Matrix.Translation(at) @ people.Matrix.Rotation(turn, 4, "Z") @ people.Matrix.Scale(size, 4)
        for o in set(bpy.data.objects) - before:
            o.matrix_basis = m @ o.matrix_basis


def backdrop(r, w=4.4, h=3.2, y=1.5):
    """Painted canvas: clouds, a balustrade and a far bank, softly rolled into the floor."""
    n = 256
    yy, xx = np.mgrid[0:n, 0:n] / n
    def noise(k):
        g = r.normal(size=(k + 2, k + 2))
        i, j = yy * k, xx * k
        a, b = np.floor(i).astype(int), np.floor(j).astype(int)
        u, v = i - a, j - b
        u, v = u * u * (3 - 2 * u), v * v * (3 - 2 * v)
        return (g[a, b] * (1 - u) + g[a + 1, b] * u) * (1 - v) + (g[a, b + 1] * (1 - u) + g[a + 1, b + 1] * u) * v
    sky = .3 + .05 * noise(4) + .035 * noise(9) + .02 * noise(20) + .1 * np.exp(-((xx - .62) / .3) ** 2 - ((yy - .35) / .25) ** 2)
    tree = (noise(14) * .03 + noise(5) * .05 + .23 - xx) * 10
    trees = np.clip(tree + 1.2 * np.clip(.75 - yy, 0, 1), 0, 1) * (yy > .12)
    bank = np.clip((yy - .66 - .03 * noise(6)) * 14, 0, 1)
    img = sky * (1 - .5 * trees) * (1 - .42 * bank) + .03 * noise(40) * (trees + bank)
    im = people.picture(np.dstack([np.clip(img, .02, 1), np.ones_like(img)]))
    m = material(.3, image=im, vary=.08, rough=.9)
    v = [(-w / 2, y, 0), (w / 2, y, 0), (w / 2, y, h), (-w / 2, y, h)]
    mesh(v, [(0, 1, 2, 3)], m, uvs=[(0, 0), (1, 0), (1, 1), (0, 1)])


def portrait():
    """Head and shoulders against a plain canvas, the window on the left."""
    s = kit.start(920, 1200, 41)
    backdrop(kit.RNG, 3.2, 2.4, .9)
    people.head(14, 1.0, False, .55, yaw=.25, pitch=0, hair="short01", smile=.08, grey=.014, skin_gain=.85, garment=("cloth_male_elegantsuit01", .05))
    kit.sky((1, 1, 1), (1, 1, 1), .12, 0)
    kit.area((-1.3, -1.2, 1.9), (0, 0, 1.1), (.9, .9), 40)
    kit.area((1.6, -1.4, 1.3), (0, 0, 1.1), (1, 1), 6)
    kit.area((.8, .6, 1.9), (0, 0, 1.1), (.3, .3), 5)
    kit.camera((0, -2.6, 1.1), (.0, 0, 1.055), lens=150, fstop=4, focus=2.52, roll=-.4)
    return s


def group():
    s = kit.start(1280, 900, 42)
    r = kit.RNG
    wood = material((.1, .1, .1), vary=.5, grain=(10, 10, 1), streak=.3, bump=.3)
    lime = material((.42, .42, .42), vary=.25, scale=1.4, streak=.5, ground=.4, bump=.3)
    dark = material(.012)
    for k in (-1, 0, 1):
        panel_door(k * 1.8, .1, 1.55, 2.3, 1.25, wood)
    box((0, 1.6, 1.5), (6, .05, 3), dark)
    for q in (-1, 1):
        box((q * 3.9, 1.3, 1.5), (2.2, .2, 3.2), lime)
        cyl((q * 2.75, .75, 1.5), .13, 3, wood)
        lathe([(.001, 0), (.22, 0), (.22, .06), (.15, .14)], lime, (q * 2.75, .75, 0))
    box((0, 1.25, 2.75), (6, .1, .5), wood)
    text("PHÚC ĐỨC", "display", .2, material(.5), (0, 1.19, 2.74), extrude=.004)
    box((0, -1, -.05), (12, 8, .1), floor_tiles())
    leaf = kit.leaf_material((.1, .1, .1))
    for x in (-2.6, 2.55, 3.1, -3.1):
        pot_plant((x, .2, 0), material(.16, vary=.4), leaf, r, 1.35, 220)
    for x in (-.42, .42):
        altar_chair((x, .1, 0), 0, wood)
    bench((-1.3, .05, .02), .9, wood)
    bench((1.3, .05, .02), .9, wood)
    W, K = .58, .022
    sitter((-.42, 0, 0), .08, 21, False, .97, K, W, "sit", "knees", hair="short", turban=.02, grey=.3, yaw=.05, smile=.0)
    sitter((.42, 0, 0), -.08, 32, True, .95, .05, K, "sit", "knees", hair="bun", turban=.03, grey=.3, yaw=-.05, smile=.05, size=.96)
    sitter((-1.3, .05, 0), .14, 43, True, .62, .2, W, "sit", "knees", hair="bun", turban=.02, smile=.1, size=.97)
    sitter((1.3, .05, 0), -.14, 54, True, .55, .4, W, "sit", "knees", hair="bun", yaw=.1, smile=.1, size=.97)
    sitter((-1.45, .7, 0), .05, 61, False, .68, K, W, hair="short", turban=.02, smile=.0, yaw=.05)
    sitter((-.72, .72, 0), .05, 72, False, .52, .5, .45, hair="short02", long=False, smile=.05, size=1.0)
    sitter((0, .75, 0), .0, 83, True, .42, .45, W, hair="bun", smile=.2, size=.96, hands="front")
    sitter((.7, .72, 0), -.05, 97, False, .56, .09, .1, hair="short01", long=False, smile=.05, size=1.03)
    sitter((1.4, .7, 0), -.08, 104, True, .45, .3, K, hair="bun", smile=.2, size=.97, hands="front")
    sitter((-.87, -.35, 0), .1, 111, False, .3, .55, .12, hair="short01", long=False, size=.66, grow=1.3, smile=.05)
    sitter((.02, -.45, 0), 0, 123, True, .27, .5, .5, hair="bob02", long=True, size=.58, grow=1.4, smile=.2, hands="front")
    sitter((.88, -.35, 0), -.1, 135, False, .32, .35, .5, hair="short01", long=False, size=.7, grow=1.25, smile=.0)
    kit.sky((1, 1, 1), (1, 1, 1), .8, .1)
    kit.sun((-.35, -.8, .75), 1.1, 25)
    box((0, 1.0, 3.25), (10, 2.6, .1), wood)
    kit.outdoors(3)
    kit.camera((.15, -5.6, 1.45), (.02, 0, 1.1), lens=46, fstop=8, focus=5.4, roll=.6)
    return s


SCENES = {"portrait": portrait, "group": group}
