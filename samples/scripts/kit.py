"""Blender building blocks for the sample pictures: materials with dirt, simple bodies, light, camera.

Lengths are metres, Z is up, colours are linear RGB. Everything random comes from RNG, seeded by start().
"""
import math

import bpy
import numpy as np
from mathutils import Matrix, Vector

RNG = np.random.default_rng(0)
FONTS = {
    "serif": "/usr/share/fonts/opentype/linux-libertine/LinLibertine_RB.otf",
    "display": "/usr/share/fonts/opentype/linux-libertine/LinLibertine_DR.otf",
    "sans": "/usr/share/fonts/truetype/lato/Lato-Black.ttf",
    "italic": "/usr/share/fonts/opentype/ebgaramond/EBGaramond12-Italic.otf",
}


def start(width, height, seed):
    """Empty scene rendered by Cycles on one thread; the same seed gives the same picture."""
    global RNG
    RNG = np.random.default_rng(seed)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    s = bpy.context.scene
    s.render.engine = "CYCLES"
    s.render.resolution_x, s.render.resolution_y = width, height
    s.render.threads_mode, s.render.threads = "FIXED", 1
    s.cycles.seed = seed
    s.cycles.use_denoising = True
    s.cycles.max_bounces, s.cycles.diffuse_bounces, s.cycles.transparent_max_bounces = 4, 2, 12
    s.cycles.use_adaptive_sampling, s.cycles.adaptive_threshold, s.cycles.adaptive_min_samples = True, .06, 4
    s.cycles.sample_clamp_indirect = 4
    s.view_settings.view_transform = "Filmic"
    s.view_settings.look = "None"
    s.world = bpy.data.worlds.new("w")
    return s


def link(obj):
    bpy.context.scene.collection.objects.link(obj)
    return obj


class Nodes:
    """A short way to write shader graphs."""

    def __init__(self, tree):
        self.t = tree

    def add(self, kind, _out=0, _in=None, **props):
        n = self.t.nodes.new(kind)
        for k, v in props.items():
            setattr(n, k, v)
        for k, v in (_in or {}).items():
            if hasattr(v, "is_output"):
                self.t.links.new(v, n.inputs[k])
            else:
                n.inputs[k].default_value = v
        return n.outputs[_out] if _out is not None else n

    def noise(self, vec, scale, detail=6, rough=.6):
        return self.add("ShaderNodeTexNoise", _in={"Vector": vec, "Scale": scale, "Detail": detail, "Roughness": rough})

    def map(self, vec, scale):
        return self.add("ShaderNodeMapping", _in={"Vector": vec, "Scale": scale})

    def range(self, value, a, b, c, d):
        return self.add("ShaderNodeMapRange", _in={0: value, 1: a, 2: b, 3: c, 4: d})

    def mul(self, a, b):
        return self.add("ShaderNodeVectorMath", operation="MULTIPLY", _in={0: a, 1: b})

    def mix(self, fac, a, b):
        n = self.add("ShaderNodeMix", _out=None, data_type="RGBA")
        for i, v in ((0, fac), (6, a), (7, b)):
            if hasattr(v, "is_output"):
                self.t.links.new(v, n.inputs[i])
            else:
                n.inputs[i].default_value = v
        return n.outputs[2]


def rgba(c):
    c = (c, c, c) if isinstance(c, (int, float)) else c
    return (*c, 1.0)


def material(color, rough=.75, vary=.25, scale=6.0, bump=.15, streak=0., ground=0., grain=None, peel=None,
             metal=0., image=None, coords="Object", spec=.3, trans=0.):
    """Procedural surface: mottled colour, vertical rain streaks, darker towards the ground (world z 0..1),
    plaster that peels off brick (peel = share), wood grain (scales per axis), or an image on UVs."""
    m = bpy.data.materials.new("m")
    m.use_nodes = True
    m.node_tree.nodes.clear()
    n = Nodes(m.node_tree)
    vec = n.add("ShaderNodeTexCoord", _out=None).outputs[coords]
    shift = tuple(RNG.uniform(-20, 20, 3))
    vec = n.add("ShaderNodeMapping", _in={"Vector": vec, "Location": shift})
    if image is not None:
        uv = n.add("ShaderNodeTexCoord", _out=None).outputs["UV"]
        base = n.add("ShaderNodeTexImage", image=image, _in={"Vector": uv})
    else:
        base = n.add("ShaderNodeRGB", _out=None)
        base.outputs[0].default_value = rgba(color)
        base = base.outputs[0]
    v2 = n.map(vec, grain) if grain else vec
    fac = n.range(n.noise(v2, scale, 5), .3, .7, 1 - vary, 1 + vary)
    base = n.mul(base, n.add("ShaderNodeCombineXYZ", _in={0: fac, 1: fac, 2: fac}))
    if peel:
        brick = n.add("ShaderNodeTexBrick", _in={"Vector": vec, "Scale": 4.5, "Color1": (.25, .12, .08, 1), "Color2": (.18, .09, .07, 1),
                                                 "Mortar": (.3, .28, .25, 1), "Mortar Size": .012})
        base = n.mix(n.range(n.noise(vec, 1.3, 6, .65), 1 - peel - .02, 1 - peel + .01, 0, 1), base, brick)
    geo = n.add("ShaderNodeNewGeometry")
    if streak:
        f = n.range(n.noise(n.map(geo, (3.4, 3.4, .32)), 1.0, 5, .7), .42, .74, 1, 1 - streak)
        base = n.mul(base, n.add("ShaderNodeCombineXYZ", _in={0: f, 1: f, 2: f}))
    if ground:
        z = n.add("ShaderNodeSeparateXYZ", _out=2, _in={0: geo})
        wob = n.add("ShaderNodeMath", operation="ADD", _in={0: z, 1: n.range(n.noise(vec, 3), .3, .7, -.3, .3)})
        f = n.range(wob, 0, .9, 1 - ground, 1)
        base = n.mul(base, n.add("ShaderNodeCombineXYZ", _in={0: f, 1: f, 2: f}))
    normal = n.add("ShaderNodeBump", _in={"Strength": bump, "Distance": .02, "Height": n.noise(v2, scale * 5, 2)})
    shader = n.add("ShaderNodeBsdfPrincipled", _in={"Base Color": base, "Roughness": rough, "Metallic": metal, "Normal": normal,
                                                    "Specular IOR Level": spec, "Transmission Weight": trans})
    n.add("ShaderNodeOutputMaterial", _out=None, _in={"Surface": shader})
    return m


def leaf_material(color):
    """Leaves let light through."""
    m = material(color, rough=.45, vary=.4, scale=3)
    n = Nodes(m.node_tree)
    out = next(x for x in m.node_tree.nodes if x.type == "OUTPUT_MATERIAL")
    surf = out.inputs["Surface"].links[0].from_socket
    back = n.add("ShaderNodeBsdfTranslucent", _in={"Color": rgba([min(1, c * 1.5) for c in color])})
    m.node_tree.links.new(n.add("ShaderNodeMixShader", _in={0: .35, 1: surf, 2: back}), out.inputs["Surface"])
    return m


def mesh(verts, faces, mat=None, smooth=False, uvs=None, loc=(0, 0, 0), rot=(0, 0, 0), bevel=0., name="o"):
    me = bpy.data.meshes.new(name)
    me.from_pydata([tuple(map(float, v)) for v in verts], [], [tuple(map(int, f)) for f in faces])
    if uvs is not None:
        layer = me.uv_layers.new()
        layer.data.foreach_set("uv", np.asarray(uvs, np.float32).ravel())
    if smooth:
        me.polygons.foreach_set("use_smooth", [True] * len(me.polygons))
    if mat:
        me.materials.append(mat)
    o = link(bpy.data.objects.new(name, me))
    o.location, o.rotation_euler = loc, rot
    if bevel:
        b = o.modifiers.new("b", "BEVEL")
        b.width, b.segments, b.limit_method = bevel, 2, "ANGLE"
    return o


def copy(o, loc, rot=None, scale=None):
    c = link(o.copy())
    c.location = loc
    if rot is not None:
        c.rotation_euler = rot
    if scale is not None:
        c.scale = (scale,) * 3 if isinstance(scale, (int, float)) else scale
    return c


CUBE_F = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]


def box(center, size, mat, rot=(0, 0, 0), bevel=.006):
    s = np.array(size) / 2
    v = [(x * s[0], y * s[1], z * s[2]) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
    return mesh(v, CUBE_F, mat, loc=center, rot=rot, bevel=bevel)


def lathe(profile, mat, loc=(0, 0, 0), seg=40, rot=(0, 0, 0), wobble=0.):
    """Turned body from (radius, height) pairs."""
    v, f = [], []
    for r, h in profile:
        for k in range(seg):
            a = 2 * math.pi * k / seg
            q = r * (1 + wobble * math.sin(2 * a + h * 9))
            v.append((q * math.cos(a), q * math.sin(a), h))
    for i in range(len(profile) - 1):
        for k in range(seg):
            a, b = i * seg + k, i * seg + (k + 1) % seg
            f.append((a, b, b + seg, a + seg))
    return mesh(v, f, mat, True, loc=loc, rot=rot)


def ellipsoid(center, radii, mat, seg=20, rot=(0, 0, 0)):
    prof = [(max(1e-4, math.sin(t)), -math.cos(t)) for t in np.linspace(0, math.pi, seg)]
    o = lathe(prof, mat, center, seg * 2, rot)
    o.scale = radii
    return o


def tube(points, radius, mat, cyclic=False, smooth=True):
    """Round bar along points; radius is one number or one per point."""
    c = bpy.data.curves.new("t", "CURVE")
    c.dimensions, c.bevel_depth, c.bevel_resolution, c.resolution_u = "3D", 1.0, 3, 6
    sp = c.splines.new("NURBS" if smooth and len(points) > 3 else "POLY")
    sp.points.add(len(points) - 1)
    rs = radius if np.ndim(radius) else [radius] * len(points)
    for p, q, r in zip(sp.points, points, rs):
        p.co, p.radius = (*map(float, q), 1), float(r)
    sp.use_cyclic_u = cyclic
    if sp.type == "NURBS":
        sp.order_u, sp.use_endpoint_u = 3, not cyclic
    c.materials.append(mat)
    return link(bpy.data.objects.new("t", c))


def cyl(center, r, h, mat, rot=(0, 0, 0), seg=32):
    e = min(.008, r * .2)
    return lathe([(1e-4, -h / 2), (r - e, -h / 2), (r, -h / 2 + e), (r, h / 2 - e), (r - e, h / 2), (1e-4, h / 2)], mat, center, seg, rot)


def text(body, font, size, mat, loc, rot=(math.pi / 2, 0, 0), extrude=.01, align="CENTER", width=None):
    """Lettering; it stands in the XZ plane unless turned. width squeezes it to that many metres."""
    c = bpy.data.curves.new("x", "FONT")
    c.body, c.size, c.extrude, c.align_x, c.align_y = body, size, extrude, align, "CENTER"
    c.font = bpy.data.fonts.load(FONTS[font], check_existing=True)
    c.materials.append(mat)
    o = link(bpy.data.objects.new("x", c))
    o.location, o.rotation_euler = loc, rot
    if width:
        bpy.context.evaluated_depsgraph_get()
        o.scale.x = min(1, width / o.dimensions.x)
    return o


def grid(size, n, height, mat, loc=(0, 0, 0), smooth=True):
    """Ground with height(x, y) on n x n cells."""
    xs = np.linspace(-size[0] / 2, size[0] / 2, n[0] + 1)
    ys = np.linspace(-size[1] / 2, size[1] / 2, n[1] + 1)
    v = [(x, y, height(x, y)) for y in ys for x in xs]
    w = n[0] + 1
    f = [(j * w + i, j * w + i + 1, (j + 1) * w + i + 1, (j + 1) * w + i) for j in range(n[1]) for i in range(n[0])]
    return mesh(v, f, mat, smooth, loc=loc)


def sky(top=(.75, .8, .9), low=(.9, .9, .88), strength=1.0, cloud=.25):
    """Overcast sky: a gradient with soft clouds."""
    w = bpy.context.scene.world
    w.use_nodes = True
    w.node_tree.nodes.clear()
    n = Nodes(w.node_tree)
    gen = n.add("ShaderNodeTexCoord", _out=0)
    z = n.add("ShaderNodeSeparateXYZ", _out=2, _in={0: gen})
    col = n.mix(n.range(z, 0, .7, 0, 1), rgba(low), rgba(top))
    f = n.range(n.noise(n.map(gen, (1.2, 1.2, 3)), 1.6, 5), .35, .7, 1 - cloud, 1 + cloud * .6)
    col = n.mul(col, n.add("ShaderNodeCombineXYZ", _in={0: f, 1: f, 2: f}))
    bg = n.add("ShaderNodeBackground", _in={"Color": col, "Strength": strength})
    n.add("ShaderNodeOutputWorld", _out=None, _in={"Surface": bg})


def sun(direction, strength, angle=12, color=(1, .95, .88)):
    """direction = where the light comes from; a wide angle makes soft shadows."""
    l = bpy.data.lights.new("s", "SUN")
    l.energy, l.angle, l.color = strength, math.radians(angle), color
    o = link(bpy.data.objects.new("s", l))
    o.rotation_euler = Vector(direction).to_track_quat("Z", "Y").to_euler()


def area(loc, target, size, power, color=(1, 1, 1)):
    l = bpy.data.lights.new("a", "AREA")
    l.shape, l.size, l.size_y, l.energy, l.color = "RECTANGLE", size[0], size[1], power, color
    o = link(bpy.data.objects.new("a", l))
    o.location = loc
    o.rotation_euler = (Vector(loc) - Vector(target)).to_track_quat("Z", "Y").to_euler()


def camera(loc, target, lens=40, focus=None, fstop=5.6, roll=0.):
    """Camera on 36 mm film; roll in degrees, since nobody held it level."""
    c = bpy.data.cameras.new("c")
    c.lens = lens
    o = link(bpy.data.objects.new("c", c))
    o.location = loc
    q = (Vector(target) - Vector(loc)).to_track_quat("-Z", "Y")
    o.rotation_euler = (q.to_matrix() @ Matrix.Rotation(math.radians(roll), 3, "Z")).to_euler()
    c.dof.use_dof = True
    c.dof.focus_distance = focus or (Vector(target) - Vector(loc)).length
    c.dof.aperture_fstop = fstop
    bpy.context.scene.camera = o


def outdoors(distance=6.):
    """Quicker light for open air: after one bounce, ambient occlusion stands for the rest."""
    s = bpy.context.scene
    s.cycles.use_fast_gi, s.cycles.fast_gi_method, s.cycles.ao_bounces_render = True, "REPLACE", 1
    s.world.light_settings.distance = distance


def mist(color, start_m, depth_m):
    """Haze that grows with distance, mixed in after rendering; call it after sky()."""
    s = bpy.context.scene
    s.view_layers[0].use_pass_mist = True
    s.world.mist_settings.start, s.world.mist_settings.depth, s.world.mist_settings.falloff = start_m, depth_m, "LINEAR"
    s.use_nodes = True
    t = s.node_tree
    t.nodes.clear()
    layers, out = t.nodes.new("CompositorNodeRLayers"), t.nodes.new("CompositorNodeComposite")
    mix = t.nodes.new("CompositorNodeMixRGB")
    mix.inputs[2].default_value = rgba(color)
    t.links.new(layers.outputs["Mist"], mix.inputs[0])
    t.links.new(layers.outputs["Image"], mix.inputs[1])
    t.links.new(mix.outputs[0], out.inputs[0])


def render(path, samples, percent=100, exposure=0.):
    """Writes path (16-bit PNG)."""
    s = bpy.context.scene
    s.cycles.samples = samples
    s.render.resolution_percentage = percent
    s.view_settings.exposure = exposure
    s.render.image_settings.file_format, s.render.image_settings.color_depth = "PNG", "16"
    s.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)
