"""Sitters: heads from the CC0 head data (given by --heads), bodies and clothes built here.

A sitter faces -Y; lengths in metres. The head data measures in decimetres, y up, the face towards +z.
"""
import importlib
import math
import os
import sys

import bpy
import numpy as np
from mathutils import Matrix

import kit
from kit import Nodes, ellipsoid, lathe, material, mesh, tube

_H = None


def head_data():
    """The module heads.py of the head data; fails with a sentence when --heads was not given."""
    global _H
    if _H is None:
        folder = os.environ.get("ALBUMEN_HEADS", "")
        if not os.path.exists(os.path.join(folder, "heads.py")):
            raise SystemExit(f"Expected the folder of the head data for --heads but received '{folder}'")
        sys.dont_write_bytecode = True
        sys.path.insert(0, folder)
        _H = importlib.import_module("heads")
    return _H


def picture(tex):
    """bpy image from (h, w, 2) luminance and alpha."""
    h, w = tex.shape[:2]
    im = bpy.data.images.new("t", w, h, alpha=True, float_buffer=True)
    im.colorspace_settings.name = "Linear Rec.709"
    px = np.dstack([tex[..., :1]] * 3 + [tex[..., 1:]])[::-1]
    im.pixels.foreach_set(np.ascontiguousarray(px, np.float32).ravel())
    im.pack()
    return im


def textured(tex, rough=.6, alpha=False, spec=.3):
    m = bpy.data.materials.new("h")
    m.use_nodes = True
    m.node_tree.nodes.clear()
    n = Nodes(m.node_tree)
    img = n.add("ShaderNodeTexImage", _out=None, image=picture(tex))
    sh = n.add("ShaderNodeBsdfPrincipled", _in={"Base Color": img.outputs[0], "Roughness": rough, "Specular IOR Level": spec})
    if alpha:
        fac = n.add("ShaderNodeMath", operation="GREATER_THAN", _in={0: img.outputs[1], 1: .35})
        sh = n.add("ShaderNodeMixShader", _in={0: fac, 1: n.add("ShaderNodeBsdfTransparent"), 2: sh})
    n.add("ShaderNodeOutputMaterial", _out=None, _in={"Surface": sh})
    return m


def sweep(points, radii, n=14, squash=1.0, across=None):
    """Closed body along points: radius per point; squash flattens it; across fixes the wide direction."""
    p = np.asarray(points, float)
    v, f = [], []
    for i in range(len(p)):
        t = p[min(i + 1, len(p) - 1)] - p[max(i - 1, 0)]
        t /= np.linalg.norm(t)
        a = np.array(across, float) if across else np.cross(t, (0, 0, 1.0)) if abs(t[2]) < .9 else np.cross(t, (0, 1.0, 0))
        a /= np.linalg.norm(a)
        b = np.cross(t, a)
        for k in range(n):
            q = 2 * math.pi * k / n
            v.append(p[i] + radii[i] * (math.cos(q) * a + squash * math.sin(q) * b))
    for i in range(len(p) - 1):
        for k in range(n):
            f.append((i * n + k, i * n + (k + 1) % n, (i + 1) * n + (k + 1) % n, (i + 1) * n + k))
    f.append(tuple(range(n))[::-1])
    f.append(tuple((len(p) - 1) * n + k for k in range(n)))
    return v, f


def rings(rows, n=28):
    """Closed body from rows (z, rx, ry, cy)."""
    v = [(rx * math.cos(2 * math.pi * k / n), cy + ry * math.sin(2 * math.pi * k / n), z) for z, rx, ry, cy in rows for k in range(n)]
    f = [(i * n + k, i * n + (k + 1) % n, (i + 1) * n + (k + 1) % n, (i + 1) * n + k) for i in range(len(rows) - 1) for k in range(n)]
    f += [tuple(range(n))[::-1], tuple((len(rows) - 1) * n + k for k in range(n))]
    return v, f


def cloth_body(parts, mat, voxel=.013, smooth=4, fold=.016):
    """Joins closed parts into one garment: one skin, smoothed, with shallow folds."""
    v, f = [], []
    for pv, pf in parts:
        f += [tuple(i + len(v) for i in q) for q in pf]
        v += list(pv)
    o = mesh(v, f, mat, True)
    m = o.modifiers.new("r", "REMESH")
    m.mode, m.voxel_size, m.use_smooth_shade = "VOXEL", voxel, True
    m = o.modifiers.new("s", "SMOOTH")
    m.iterations, m.factor = smooth, .6
    t = bpy.data.textures.new("c", "CLOUDS")
    t.noise_scale, t.noise_depth = .11, 1
    m = o.modifiers.new("d", "DISPLACE")
    m.texture, m.strength, m.mid_level = t, fold, .5
    return o


ROBE = [(1.45, .054, .054, 0), (1.415, .058, .058, 0), (1.4, .082, .074, 0), (1.382, .13, .086, .005), (1.355, .165, .094, .01), (1.3, .176, .104, .01), (1.2, .165, .108, .0),
        (1.1, .15, .104, -.005), (1.0, .142, .1, 0), (.88, .163, .116, 0)]
SKIRT = [(.65, .18, .125, 0), (.4, .196, .135, 0), (.24, .205, .14, 0)]


def hand(at, skin, side, down=True):
    x, y, z = at
    ellipsoid((x, y, z), (.037, .045, .019) if not down else (.022, .034, .045), skin, 12)
    for k in range(4):
        q = (k - 1.5) * .016
        if down:
            tube([(x, y + q, z - .02), (x - side * .008, y + q * .9, z - .085)], .0085, skin, smooth=False)
        else:
            tube([(x + q, y - .03, z + .004), (x + q * .9, y - .085, z - .012)], .0085, skin, smooth=False)


def body(robe, trousers, skin, shoe, pose="stand", hands="side", long=True):
    """Garment, trousers, hands and shoes; returns the height of the neck joint."""
    drop = .36 if pose == "sit" else 0.
    parts = [rings([(z - drop, a, b, c) for z, a, b, c in ROBE + (SKIRT if pose == "stand" and long else [(.76, .17, .12, 0)])][::-1])]
    s = drop
    for q in (-1, 1):
        if hands == "knees":
            arm = [(q * .12, .01, 1.335 - s), (q * .18, .015, 1.27 - s), (q * .215, .02, 1.17 - s), (q * .225, -.03, 1.08 - s), (q * .19, -.18, 1.03 - s), (q * .135, -.31, 1.0 - s)]
            h = (q * .128, -.345, .995 - s)
        elif hands == "front":
            arm = [(q * .12, .01, 1.335 - s), (q * .18, .015, 1.27 - s), (q * .215, .02, 1.17 - s), (q * .22, -.02, 1.06 - s), (q * .14, -.12, .99 - s), (q * .06, -.165, .965 - s)]
            h = (q * .02, -.18, .955 - s)
        else:
            arm = [(q * .12, .01, 1.335 - s), (q * .18, .015, 1.27 - s), (q * .215, .02, 1.17 - s), (q * .225, .01, 1.05 - s), (q * .23, -.03, .94 - s), (q * .22, -.06, .84 - s)]
            h = (q * .215, -.065, .8 - s)
        parts.append(sweep(arm, [.045, .052, .052, .05, .05, .055]))
        hand(h, skin, q, hands == "side")
    legs = []
    for q in (-1, 1):
        if pose == "sit":
            legs.append(sweep(([] if long else [(q * .08, .02, .5), (q * .1, -.25, .5)]) + [(q * .105, -.39, .45), (q * .105, -.42, .3), (q * .11, -.42, .09)], ([] if long else [.09, .08]) + [.06, .07, .085]))
            foot = (q * .11, -.5, .045)
        else:
            legs.append(sweep([(q * .085, 0, .85), (q * .09, 0, .5), (q * .095, .01, .09)], [.1, .09, .085]))
            foot = (q * .1, -.05, .045)
        ellipsoid(foot, (.042, .115, .04), shoe, 14)
    if pose == "sit" and long:
        parts.append(sweep([(0, .06, .53), (0, -.15, .535), (0, -.33, .52), (0, -.42, .45), (0, -.45, .33), (0, -.455, .18)], [.165, .18, .19, .19, .19, .2], 30, .5, (1, 0, 0)))
    cloth_body(parts, robe)
    cloth_body(legs, trousers)
    return 1.42 - drop


def head(seed, neck_z, female, age, yaw=0., pitch=0., hair="short02", turban=None, smile=.15, grow=1.0, grey=.015, skin_gain=1.0,
         garment=None):
    """A head whose neck stands at (0, 0, neck_z). age: 0.2 child, 0.5 young, 0.95 old. garment = (name, grey
    value) keeps the shoulders and dresses them in clothes of the head data."""
    H = head_data()
    rng = np.random.default_rng(seed)
    I = H.random_identity(rng, .24)
    I["gender"], I["age"], I["race"] = (.04 if female else .95), age, {"caucasian": 0., "asian": 1., "african": 0.}
    keep = {k: v for k, v in I["targets"].items() if not k.startswith("macrodetails")}
    I["targets"] = {**dict(H.macro_weights(I["gender"], age, I["race"], .45, .42)), **keep}
    expr = {"expr/asian/mouth-corner-puller": smile}
    V, _ = H.vertices(I, expr)
    N = H.vnormals(V, H.F0, len(V))
    before = set(bpy.data.objects)
    B = H.B
    piv = V[B["g_joint_neck"].astype(int)].mean(0)

    def put(P, F, uv, mat, smooth=True):
        P = np.asarray(P)
        Q = np.stack([P[:, 0], -P[:, 2], P[:, 1]], 1)
        used, inv = np.unique(F, return_inverse=True)
        inv = inv.reshape(F.shape)
        mesh(Q[used], inv, mat, smooth, None if uv is None else np.asarray(uv).reshape(-1, 2))

    mix = (.15, .5, .35)
    skin = H.loadtex(["skin_young_light_m", "skin_young_light_m2", "skin_mid_light_m"][seed % 3], mix).copy()
    skin[..., 0] *= .36 * skin_gain / np.median(skin[:200, :500, 0])
    skin[..., 1] = 1
    y, x = H.V0[:, 1], np.abs(H.V0[:, 0])
    f = H.F0
    keepf = ((y[f] > 5.55) & (x[f] < .95)).all(1)
    if garment:
        hidden = np.zeros(len(V), bool)
        hidden[H.PX[garment[0]]["delete"].astype(int)] = True
        keepf = ~hidden[f].all(1)
    put(V, f[keepf], H.UV0[H.FT0[keepf]], textured(skin, .55, spec=.25))
    eye = H.loadtex("eye_brownlight", mix).copy()
    eye[..., 0] = np.where(eye[..., 0] < .28, eye[..., 0] * .12, eye[..., 0] * .6)
    eye[..., 1] = 1
    ef = H.EY["f"].astype(int)
    put(V, ef, H.EYEUV[ef], textured(eye, .15, spec=.6))

    def proxy(name, tex, rough=.5):
        px = H.PX[name]
        put(H.fit(px, V), px["f"].astype(int), px["uv"][px["ft"].astype(int)], textured(tex, rough, True))

    if garment:
        px = H.PX[garment[0]]
        ct = H.loadtex(garment[0], mix).copy()
        ct[..., 0], ct[..., 1] = np.clip(ct[..., 0] / np.median(ct[..., 0]), .15, 12) * garment[1], 1
        put(H.fit(px, V), px["f"].astype(int), px["uv"][px["ft"].astype(int)], textured(np.clip(ct, 0, .75), .8))
    k = [1, 3, 4, 8, 10][seed % 5]
    bt = H.loadtex(f"brow_{k:03d}", mix).copy()
    bt[..., 0], bt[..., 1] = grey * 1.6, np.clip(bt[..., 1] * 1.5, 0, 1)
    proxy(f"brow_eyebrow{k:03d}", bt)
    if hair.startswith(("short0", "bob02", "pony", "long", "braid")):
        ht = H.loadtex("hair_" + hair, mix).copy()
        m = ht[..., 1] > .5
        ht[..., 0] = np.clip(ht[..., 0] / np.median(ht[..., 0][m]), .2, 3) * grey
        proxy("hair_" + hair, ht, .42)
    dark = material(grey, rough=.5, vary=.5, scale=8, grain=(1, 1, 22), bump=.4, spec=.25)
    cap = H.HAIRM > .42
    cf = cap[H.F0].all(1)
    if hair in ("cap", "bun", "short"):
        thick = (.09 if hair != "short" else .04) * np.clip((H.HAIRM - .42) * 3, .12, 1)
        part = 1 - .5 * np.exp(-(H.V0[:, 0] / .05) ** 2) * (H.V0[:, 1] > 7.6)
        put(V + N * (thick * part)[:, None], H.F0[cf], None, dark)
    hc = V[H.isb & (y > 7.4) & (y < 7.9)]
    c = (hc.min(0) + hc.max(0)) / 2
    rx, rz = np.ptp(hc[:, 0]) / 2, np.ptp(hc[:, 2]) / 2
    if hair == "bun":
        ellipsoid((0, -(c[2] - rz - .05), c[1] - .55), (.42, .3, .36), dark, 16)
    if turban:
        mat = material(turban, rough=.55, vary=.35, scale=20, bump=.5)
        for j, (up, r0, wd) in enumerate(((.02, 1.02, .2), (.26, 1.04, .2), (.46, .98, .17))[:3 if not female else 1]):
            tilt = .4 if female else .14
            pts = [(math.cos(t) * (rx * r0 + .06), -(c[2] + math.sin(t) * (rz * r0 + .05)), c[1] + up - (.08 if female else 0) + math.sin(t) * tilt + .05 * math.cos(2 * t)) for t in np.linspace(0, 2 * math.pi, 25)[:-1]]
            tube(pts, wd * (.7 if female else 1), mat, cyclic=True)
        if not female:
            ellipsoid((0, -c[2], c[1] + .3), (rx * .98, rz * .98, .55), mat, 16)
    s = .1 * grow
    T = (Matrix.Translation((0, 0, neck_z)) @ Matrix.Rotation(yaw, 4, "Z") @ Matrix.Rotation(-pitch, 4, "X") @ Matrix.Scale(s, 4)
         @ Matrix.Translation((0, float(piv[2]) + .15, .13 - float(piv[1]))))
    for o in set(bpy.data.objects) - before:
        o.matrix_basis = T @ o.matrix_basis


def moustache_and_beard(neck_z, value):
    """A thin beard for an elder: a wisp under the chin."""
    m = material(value, rough=.6, vary=.4)
    r = np.random.default_rng(5)
    for _ in range(26):
        a = r.normal(0, .014)
        tube([(a, -.118 + r.normal(0, .004), neck_z + .055), (a * 1.2, -.128, neck_z + .02), (a * .6 + r.normal(0, .004), -.12, neck_z - r.uniform(.02, .06))], [.0016, .0014, .0006], m)
