// Make the map of the world that comes with vigie: src/vigie/drawing/world.txt.
//
// Run, with the packages below fetched by name into a folder outside the project (versions: PACKAGES):
//     cd FOLDER && npm install world-atlas@2.0.2 topojson-client@3.1.0 topojson-server@3.0.1 topojson-simplify@3.0.3 \
//         d3-geo@3.1.2 d3-geo-projection@4.0.0 i18n-iso-countries@7.14.0
//     node tools/build_map.mjs FOLDER
//
// Natural Earth (public domain, naturalearthdata.com) in the 1:50m of world-atlas. Its lines are those of who holds a place; here each place
// is given the code that lists of addresses and the United Nations give it (docs/decisions/0031). Then: projected (Equal Earth, so that areas compare; cut at
// 169 degrees west, through the Bering Strait), simplified as one topology so that neighbours keep touching, and written on a grid of a quarter of a unit.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const PACKAGES = { "world-atlas": "2.0.2", "topojson-client": "3.1.0", "topojson-server": "3.0.1", "topojson-simplify": "3.0.3", "d3-geo": "3.1.2", "d3-geo-projection": "4.0.0" };
const WIDTH = 760;            // units
const SOUTH = -56.5;          // Antarctica is left out: nobody's last hop is worth a fifth of the map
const GRID = 4;               // steps to a unit
const LEAST_TRIANGLE = 0.2;  // square units: what is flatter is straightened
const LEAST_RING = 0.7;       // square units: smaller islands of a drawn country are left out
const LEAST_COUNTRY = 7;      // square units: smaller countries are a circle

const folder = resolve(process.argv[2] ?? ".");
const require = createRequire(join(folder, "package.json"));
for (const [name, version] of Object.entries(PACKAGES)) {
  const found = JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"))).version;
  if (found !== version) throw new Error(`${name} ${found}, not ${version}`);
}
const load = async (name) => {
  const found = await import(pathToFileURL(require.resolve(name)));
  return found.default ?? found;
};
const { geoEqualEarth, geoCentroid, geoArea } = await load("d3-geo");
const { geoProject } = await load("d3-geo-projection");
const client = await load("topojson-client");
const { topology } = await load("topojson-server");
const { presimplify, simplify } = await load("topojson-simplify");
const iso = require("i18n-iso-countries");

const atlas = JSON.parse(readFileSync(join(folder, "node_modules", "world-atlas", "countries-50m.json")));

// Parts that have a code of their own, or belong to another: from whom, inside which box (west, south, east, north), to whom.
const GIVEN = [
  ["RU", [32.2, 44.2, 36.8, 46.3], "UA"],                                                          // Crimea: UN General Assembly resolution 68/262
  ["FR", [-55, 2, -51, 6], "GF"], ["FR", [-61.9, 15.7, -61, 16.6], "GP"], ["FR", [-61.3, 14.3, -60.7, 15], "MQ"],
  ["FR", [55, -21.5, 56, -20.8], "RE"], ["FR", [44.9, -13.1, 45.4, -12.5], "YT"],
  ["NO", [-9.5, 70.5, -7.5, 71.5], "SJ"], ["NO", [10, 74, 34, 81], "SJ"],
  ["NL", [-68.6, 11.9, -62.9, 17.8], "BQ"], ["NZ", [-173, -9.6, -171, -8.4], "TK"],
  ["CC", [105, -11, 106, -10], "CX"],
];
const NAMED = { Somaliland: "SO", "N. Cyprus": "CY", Kosovo: "XK", "Indian Ocean Ter.": "CC", "Siachen Glacier": "-" };
// Too small for the 1:50m altogether, or left out: a circle stands here (longitude, latitude).
const PLACED = { GI: [-5.35, 36.14], TV: [179.2, -8.52], BV: [3.36, -54.42], UM: [-169.53, 16.73], AN: [-68.9, 12.2], AQ: [20, -56] };

const byCode = new Map();
const put = (code, polygon) => byCode.set(code, [...(byCode.get(code) ?? []), polygon]);
for (const shape of atlas.objects.countries.geometries) {
  const code = NAMED[shape.properties.name] ?? iso.numericToAlpha2(shape.id);
  if (!code) throw new Error(`no code: ${shape.properties.name}`);
  for (const arcs of shape.type === "Polygon" ? [shape.arcs] : shape.arcs) {
    const polygon = { type: "Polygon", arcs };
    const [lon, lat] = geoCentroid(client.feature(atlas, polygon));
    const to = GIVEN.find(([from, [w, s, e, n]]) => from === code && w <= lon && lon <= e && s <= lat && lat <= n);
    put(to ? to[2] : code, polygon);
  }
}
for (const [, , to] of GIVEN) if (!byCode.has(to)) throw new Error(`nothing was given to ${to}`);

const projection = geoEqualEarth().rotate([-11, 0]).precision(0.3).fitWidth(WIDTH, { type: "Sphere" });
const top = projection([11, 83.7])[1];
projection.translate([projection.translate()[0], projection.translate()[1] - top + 2]);
const height = Math.ceil(projection([11, SOUTH])[1]);

const spheres = {};
for (const [code, polygons] of byCode) if (code !== "AQ") spheres[code] = client.merge(atlas, polygons);

// Natural Earth draws Western Sahara east of the wall only. Its border with Morocco is the parallel 27°40' N: what lies south of it is EH.
function side(ring, north) {
  const lat = 27 + 2 / 3, out = [], keeps = ([, y]) => (north ? y >= lat : y <= lat);
  for (let i = 0; i < ring.length; i++) {
    const a = ring[i], b = ring[(i + 1) % ring.length];
    if (keeps(a)) out.push(a);
    if (keeps(a) !== keeps(b) && a[1] !== lat && b[1] !== lat) out.push([a[0] + ((b[0] - a[0]) * (lat - a[1])) / (b[1] - a[1]), lat]);
  }
  return out.length > 2 ? [...out, out[0]] : null;
}
{
  const parts = (north) => spheres.MA.coordinates.map((rings) => rings.map((ring) => side(ring.slice(0, -1), north)).filter(Boolean)).filter((rings) => rings.length);
  const [kept, given] = [true, false].map((north) => ({ type: "MultiPolygon", coordinates: parts(north) }));
  const joined = topology({ kept, given, own: spheres.EH });
  spheres.MA = client.feature(joined, joined.objects.kept).geometry;
  spheres.EH = client.merge(joined, [joined.objects.given, joined.objects.own].flatMap((one) => one.arcs.map((arcs) => ({ type: "Polygon", arcs }))));
}
const flat = {};
for (const [code, shape] of Object.entries(spheres)) {
  const projected = geoProject(shape, projection);
  if (projected) flat[code] = projected;
}
const planar = (ring) => Math.abs(ring.reduce((sum, [x, y], i) => { const [u, v] = ring[(i + 1) % ring.length]; return sum + x * v - u * y; }, 0) / 2);
let topo = topology(flat, 1e6);
topo = simplify(presimplify(topo), LEAST_TRIANGLE);

function written(rings) {
  let out = "";
  for (const ring of rings) {
    const points = ring.map(([x, y]) => [Math.round(x * GRID), Math.round(y * GRID)]);
    const kept = points.filter(([x, y], i) => i === 0 || x !== points[i - 1][0] || y !== points[i - 1][1]);
    if (kept.length > 1 && kept[0][0] === kept.at(-1)[0] && kept[0][1] === kept.at(-1)[1]) kept.pop();
    if (kept.length < 3) continue;
    out += `M${kept[0][0]} ${kept[0][1]}l`;
    let steps = "";
    for (let i = 1; i < kept.length; i++) {
      for (const step of [kept[i][0] - kept[i - 1][0], kept[i][1] - kept[i - 1][1]]) steps += (steps && step >= 0 ? " " : "") + step;
    }
    out += steps + "z";
  }
  return out;
}

// Where a number may stand: the point of a coarse grid that lies deepest inside the ring.
function middle(ring) {
  const xs = ring.map((p) => p[0]), ys = ring.map((p) => p[1]);
  const [west, east, north, south] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  let best = [-1, 0, 0];
  for (let i = 1; i < 40; i++) {
    for (let j = 1; j < 40; j++) {
      const x = west + ((east - west) * i) / 40, y = north + ((south - north) * j) / 40;
      let inside = false, near = Infinity;
      for (let k = 0; k < ring.length; k++) {
        const [ax, ay] = ring[k], [bx, by] = ring[(k + 1) % ring.length];
        if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
        const length = (bx - ax) ** 2 + (by - ay) ** 2;
        const t = length ? Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) : 0;
        near = Math.min(near, Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)));
      }
      if (inside && near > best[0]) best = [near, x, y];
    }
  }
  return best.slice(1);
}

const shapes = [], circles = [];
for (const code of Object.keys(flat).sort()) {
  const shape = client.feature(topo, topo.objects[code]).geometry;
  const polygons = !shape ? [] : shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
  const sized = polygons.map((rings) => [planar(rings[0]), rings]).sort((a, b) => b[0] - a[0]);
  const rings = sized.filter(([area]) => area >= LEAST_RING).flatMap(([, all]) => all.filter((ring, i) => i === 0 || planar(ring) >= LEAST_RING));
  if ((sized[0]?.[0] ?? 0) >= LEAST_COUNTRY || code === "-") shapes.push([code, middle(sized[0][1][0]), written(rings)]);
  else {
    const biggest = byCode.get(code).map((one) => client.feature(atlas, one)).sort((a, b) => geoArea(b) - geoArea(a))[0];
    circles.push([code, projection(geoCentroid(biggest))]);
  }
}
for (const [code, at] of Object.entries(PLACED)) circles.push([code, projection(at)]);
circles.sort((a, b) => (a[0] < b[0] ? -1 : 1));

const about = {
  from: "Natural Earth 1:50m (public domain), by world-atlas 2.0.2; Crimea in UA (UN General Assembly 68/262); Western Sahara up to 27 40 N; each place under its ISO 3166-1 code",
  width: WIDTH, height, grid: GRID, projection: "Equal Earth", rotate: 11, scale: projection.scale(), translate: projection.translate(),
};
const lines = [JSON.stringify(about), ...[...shapes, ...circles].map(([code, [x, y], d]) => [code, `${Math.round(x * GRID)} ${Math.round(y * GRID)}`, ...(d ? [d] : [])].join("\t"))];
const out = join(dirname(fileURLToPath(import.meta.url)), "..", "src", "vigie", "drawing", "world.txt");
writeFileSync(out, lines.join("\n") + "\n");
console.log(`${shapes.length} shapes, ${circles.length} circles, ${lines.join("\n").length} bytes, ${WIDTH} x ${height}`);
