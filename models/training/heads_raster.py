"""A small rasteriser on one core (numba): z-buffer with a dithered alpha test, depth maps for shadows, shading.

Screen coordinates are (x, y, depth), smaller depth is nearer. Textures of all materials lie one after the other in one
array [texels, 2] (linear lightness, opacity); a material's parameters are gain, gamma, shine, sharpness of the shine,
wrap of the diffuse light, and 1 where both sides are lit.
"""

from __future__ import annotations

import numba as nb
import numpy as np


@nb.njit(cache=True, fastmath=True)
def raster(points, opacity, triangles, uv, material, texels, widths, heights, starts, tested, h, w, depth, index, first, second):
    """Fills `depth`, `index` (triangle per pixel, −1 for none) and the barycentric weights `first`, `second` in place."""
    for t in range(triangles.shape[0]):
        i0 = triangles[t, 0]
        i1 = triangles[t, 1]
        i2 = triangles[t, 2]
        x0 = points[i0, 0]
        y0 = points[i0, 1]
        x1 = points[i1, 0]
        y1 = points[i1, 1]
        x2 = points[i2, 0]
        y2 = points[i2, 1]
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if abs(area) < 1e-9:
            continue
        inverse = 1.0 / area
        left = max(0, int(np.ceil(min(x0, x1, x2) - 0.5)))
        right = min(w - 1, int(np.floor(max(x0, x1, x2) - 0.5)))
        top = max(0, int(np.ceil(min(y0, y1, y2) - 0.5)))
        bottom = min(h - 1, int(np.floor(max(y0, y1, y2) - 0.5)))
        if left > right or top > bottom:
            continue
        z0 = points[i0, 2]
        z1 = points[i1, 2]
        z2 = points[i2, 2]
        m = material[t]
        alpha = tested[m]
        for y in range(top, bottom + 1):
            py = y + 0.5
            for x in range(left, right + 1):
                px = x + 0.5
                w0 = ((x1 - px) * (y2 - py) - (x2 - px) * (y1 - py)) * inverse
                w1 = ((x2 - px) * (y0 - py) - (x0 - px) * (y2 - py)) * inverse
                w2 = 1.0 - w0 - w1
                if w0 < 0 or w1 < 0 or w2 < 0:
                    continue
                z = w0 * z0 + w1 * z1 + w2 * z2
                if z >= depth[y, x]:
                    continue
                if alpha:
                    u = w0 * uv[t, 0, 0] + w1 * uv[t, 1, 0] + w2 * uv[t, 2, 0]
                    v = w0 * uv[t, 0, 1] + w1 * uv[t, 1, 1] + w2 * uv[t, 2, 1]
                    column = int((u - np.floor(u)) * widths[m])
                    row = int((1.0 - (v - np.floor(v))) * heights[m])
                    if column >= widths[m]:
                        column = widths[m] - 1
                    if row >= heights[m]:
                        row = heights[m] - 1
                    if row < 0:
                        row = 0
                    a = texels[starts[m] + row * widths[m] + column, 1] * (w0 * opacity[i0] + w1 * opacity[i1] + w2 * opacity[i2])
                    dither = ((x * 1973 + y * 9277 + t * 131) & 1023) / 1023.0
                    if a < 0.15 + 0.7 * dither:
                        continue
                depth[y, x] = z
                index[y, x] = t
                first[y, x] = w0
                second[y, x] = w1


@nb.njit(cache=True, fastmath=True)
def depth_map(points, triangles, side, depth):
    """Nearest depth per cell of a square map, in place."""
    for t in range(triangles.shape[0]):
        i0 = triangles[t, 0]
        i1 = triangles[t, 1]
        i2 = triangles[t, 2]
        x0 = points[i0, 0]
        y0 = points[i0, 1]
        x1 = points[i1, 0]
        y1 = points[i1, 1]
        x2 = points[i2, 0]
        y2 = points[i2, 1]
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if abs(area) < 1e-9:
            continue
        inverse = 1.0 / area
        left = max(0, int(np.floor(min(x0, x1, x2))))
        right = min(side - 1, int(np.ceil(max(x0, x1, x2))))
        top = max(0, int(np.floor(min(y0, y1, y2))))
        bottom = min(side - 1, int(np.ceil(max(y0, y1, y2))))
        for y in range(top, bottom + 1):
            for x in range(left, right + 1):
                w0 = ((x1 - x) * (y2 - y) - (x2 - x) * (y1 - y)) * inverse
                w1 = ((x2 - x) * (y0 - y) - (x0 - x) * (y2 - y)) * inverse
                w2 = 1.0 - w0 - w1
                if w0 < 0 or w1 < 0 or w2 < 0:
                    continue
                z = w0 * points[i0, 2] + w1 * points[i1, 2] + w2 * points[i2, 2]
                if z < depth[y, x]:
                    depth[y, x] = z


@nb.njit(cache=True, fastmath=True)
def add_light(points, depth, side, bias, facing, strength, into):
    """Adds the light of one direction to every vertex that sees it, in place."""
    for i in range(points.shape[0]):
        if facing[i] <= 0:
            continue
        x = int(points[i, 0] + 0.5)
        y = int(points[i, 1] + 0.5)
        if x < 0 or y < 0 or x >= side or y >= side:
            into[i] += strength * facing[i]
            continue
        if points[i, 2] <= depth[y, x] + bias:
            into[i] += strength * facing[i]


@nb.njit(cache=True, fastmath=True)
def shade(index, first, second, triangles, uv, material, places, normals, ambient, texels, widths, heights, starts, look, key, key_light,
          eye, shadow_points, shadow, side, bias, softness, out, cover, seed):
    """Lightness (linear) and cover of every pixel, in place: texture, ambient light, a key light with a soft shadow, shine."""
    h, w = index.shape
    state = seed
    for y in range(h):
        for x in range(w):
            t = index[y, x]
            if t < 0:
                continue
            i0 = triangles[t, 0]
            i1 = triangles[t, 1]
            i2 = triangles[t, 2]
            a = first[y, x]
            b = second[y, x]
            c = 1 - a - b
            m = material[t]
            u = a * uv[t, 0, 0] + b * uv[t, 1, 0] + c * uv[t, 2, 0]
            v = a * uv[t, 0, 1] + b * uv[t, 1, 1] + c * uv[t, 2, 1]
            fu = (u - np.floor(u)) * widths[m] - 0.5
            fv = (1.0 - (v - np.floor(v))) * heights[m] - 0.5
            iu = int(np.floor(fu))
            iv = int(np.floor(fv))
            du = fu - iu
            dv = fv - iv
            lightness = 0.0
            for k in range(4):
                ju = min(max(iu + (k & 1), 0), widths[m] - 1)
                jv = min(max(iv + (k >> 1), 0), heights[m] - 1)
                weight = (du if k & 1 else 1 - du) * (dv if k >> 1 else 1 - dv)
                lightness += weight * texels[starts[m] + jv * widths[m] + ju, 0]
            lightness = look[m, 0] * lightness ** look[m, 1]
            nx = a * normals[i0, 0] + b * normals[i1, 0] + c * normals[i2, 0]
            ny = a * normals[i0, 1] + b * normals[i1, 1] + c * normals[i2, 1]
            nz = a * normals[i0, 2] + b * normals[i1, 2] + c * normals[i2, 2]
            il = 1.0 / np.sqrt(nx * nx + ny * ny + nz * nz + 1e-12)
            nx *= il
            ny *= il
            nz *= il
            px = a * places[i0, 0] + b * places[i1, 0] + c * places[i2, 0]
            py = a * places[i0, 1] + b * places[i1, 1] + c * places[i2, 1]
            pz = a * places[i0, 2] + b * places[i1, 2] + c * places[i2, 2]
            vx = eye[0] - px
            vy = eye[1] - py
            vz = eye[2] - pz
            il = 1.0 / np.sqrt(vx * vx + vy * vy + vz * vz)
            vx *= il
            vy *= il
            vz *= il
            if nx * vx + ny * vy + nz * vz < 0 and look[m, 5] > 0:
                nx = -nx
                ny = -ny
                nz = -nz
            around = a * ambient[i0] + b * ambient[i1] + c * ambient[i2]
            facing = nx * key[0] + ny * key[1] + nz * key[2]
            wrap = look[m, 4]
            diffuse = max(0.0, (facing + wrap) / (1 + wrap))
            lit = 0.0
            lx = a * shadow_points[i0, 0] + b * shadow_points[i1, 0] + c * shadow_points[i2, 0]
            ly = a * shadow_points[i0, 1] + b * shadow_points[i1, 1] + c * shadow_points[i2, 1]
            lz = a * shadow_points[i0, 2] + b * shadow_points[i1, 2] + c * shadow_points[i2, 2]
            for _ in range(6):
                state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
                jx = ((state >> 8) & 1023) / 511.5 - 1.0
                state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
                jy = ((state >> 8) & 1023) / 511.5 - 1.0
                column = int(lx + jx * softness + 0.5)
                row = int(ly + jy * softness + 0.5)
                if column < 0 or row < 0 or column >= side or row >= side:
                    lit += 1.0
                elif lz <= shadow[row, column] + bias:
                    lit += 1.0
            lit /= 6.0
            hx = key[0] + vx
            hy = key[1] + vy
            hz = key[2] + vz
            il = 1.0 / np.sqrt(hx * hx + hy * hy + hz * hz + 1e-9)
            halfway = max(0.0, (nx * hx + ny * hy + nz * hz) * il)
            fresnel = (1 - max(0.0, nx * vx + ny * vy + nz * vz)) ** 4
            shine = look[m, 2] * (halfway ** look[m, 3]) * lit * key_light + look[m, 2] * 0.5 * fresnel * around
            out[y, x] = lightness * (around + key_light * diffuse * lit) + shine
            cover[y, x] = 1.0


@nb.njit(cache=True)
def normals_of(places, triangles, count):
    """float32 [count, 3]: area-weighted vertex normals of length 1."""
    out = np.zeros((count, 3), np.float32)
    for t in range(triangles.shape[0]):
        a = triangles[t, 0]
        b = triangles[t, 1]
        c = triangles[t, 2]
        ux = places[b, 0] - places[a, 0]
        uy = places[b, 1] - places[a, 1]
        uz = places[b, 2] - places[a, 2]
        wx = places[c, 0] - places[a, 0]
        wy = places[c, 1] - places[a, 1]
        wz = places[c, 2] - places[a, 2]
        x = uy * wz - uz * wy
        y = uz * wx - ux * wz
        z = ux * wy - uy * wx
        for k in (a, b, c):
            out[k, 0] += x
            out[k, 1] += y
            out[k, 2] += z
    for i in range(count):
        length = np.sqrt(out[i, 0] ** 2 + out[i, 1] ** 2 + out[i, 2] ** 2) + 1e-12
        out[i, 0] /= length
        out[i, 1] /= length
        out[i, 2] /= length
    return out
