// Renders every icon of Caro from the one drawing, `icons/caro.svg`.
//
// `npm run icons` writes the results; `npm run icons -- --check` fails when a committed one differs from what the
// drawing gives. The containers (.ico, .icns) are written here: both only wrap PNGs behind a small header.

import { Resvg } from "@resvg/resvg-js";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = new URL("../../icons/", import.meta.url);
const drawing = readFileSync(new URL("caro.svg", folder), "utf8");

/** @typedef {{ letter: string, view: string, paused: boolean }} Template */

/** The app icon as drawn. */
function app(/** @type {number} */ size) {
  return render(drawing, size);
}

// A panel draws the glyph over its own color, so the ground goes and the view closes in on the letter.
/** @returns {Buffer} */
function tray(/** @type {Template} */ { letter, view, paused }) {
  const shown = paused ? ".cursor { display: none }" : ".pause { display: none }";
  const style = `.ground { display: none } .letter, .pause { stroke: ${letter} } .cursor { fill: ${letter} } ${shown}`;
  const variant = drawing
    .replace(/<style>[\s\S]*<\/style>/, `<style>${style}</style>`)
    .replace(/viewBox="[^"]*"/, `viewBox="${view}"`);
  return render(variant, 64);
}

/** @returns {Buffer} */
function render(/** @type {string} */ svg, /** @type {number} */ size) {
  return new Resvg(svg, { fitTo: { mode: "width", value: size } }).render().asPng();
}

/** Windows: a directory of 16 bytes an image; a size of 256 is written as 0. */
function ico(/** @type {number[]} */ sizes) {
  const images = sizes.map(app);
  const header = Buffer.alloc(6 + 16 * sizes.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(sizes.length, 4);
  let offset = header.length;
  images.forEach((image, index) => {
    const at = 6 + 16 * index;
    header.writeUInt8((sizes[index] ?? 0) % 256, at);
    header.writeUInt8((sizes[index] ?? 0) % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(image.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += image.length;
  });
  return Buffer.concat([header, ...images]);
}

/** macOS: chunks of a type, a big-endian length that counts its own 8 bytes, and a PNG. */
function icns(/** @type {Record<string, number>} */ chunks) {
  const chunk = (/** @type {string} */ type, /** @type {Buffer} */ body) => {
    const head = Buffer.alloc(8);
    head.write(type, "ascii");
    head.writeUInt32BE(8 + body.length, 4);
    return Buffer.concat([head, body]);
  };
  return chunk("icns", Buffer.concat(Object.entries(chunks).map(([type, size]) => chunk(type, app(size)))));
}

const running = "196 196 640 640";
const paused = "210 180 680 680";

/** @type {Record<string, () => Buffer>} */
const results = {
  "32x32.png": () => app(32),
  "128x128.png": () => app(128),
  "128x128@2x.png": () => app(256),
  "icon.png": () => app(512),
  // Tauri takes the first image of the file as the window icon, and 32 is the size it is shown at.
  "icon.ico": () => ico([32, 16, 24, 48, 64, 256]),
  "icon.icns": () => icns({ ic11: 32, ic12: 64, ic07: 128, ic13: 256, ic08: 256, ic14: 512, ic09: 512 }),
  // Named after the panel they are for: the glyph is dark on a light panel. macOS takes the light ones as template images.
  "tray-light.png": () => tray({ letter: "#1b1c22", view: running, paused: false }),
  "tray-dark.png": () => tray({ letter: "#ffffff", view: running, paused: false }),
  "tray-light-paused.png": () => tray({ letter: "#1b1c22", view: paused, paused: true }),
  "tray-dark-paused.png": () => tray({ letter: "#ffffff", view: paused, paused: true }),
};

const stale = [];
for (const [name, make] of Object.entries(results)) {
  const place = new URL(name, folder);
  const made = make();
  if (!process.argv.includes("--check")) {
    writeFileSync(place, made);
  } else if (!committed(place)?.equals(made)) {
    stale.push(fileURLToPath(place));
  }
}
if (stale.length > 0) {
  console.error(`not what icons/caro.svg gives; run \`npm run icons\`:\n  ${stale.join("\n  ")}`);
  process.exitCode = 1;
}

/** @returns {Buffer | undefined} */
function committed(/** @type {URL} */ place) {
  try {
    return readFileSync(place);
  } catch {
    return undefined;
  }
}
