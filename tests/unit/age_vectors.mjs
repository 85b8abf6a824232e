// SPDX-License-Identifier: GPL-3.0-or-later
// Writes the public age test vectors (npm package cctv-age) as files for age_test: node age_vectors.mjs PACKAGE OUT
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { pathToFileURL } from 'node:url';

const [pkg, out] = process.argv.slice(2);
const vectors = await import(pathToFileURL(path.resolve(pkg, 'index.js')));
fs.mkdirSync(out, { recursive: true });
for (const [name, bytes] of Object.entries(vectors)) {
	const data = Buffer.from(bytes);
	const end = data.indexOf('\n\n') + 2;
	const head = data.subarray(0, end).toString('utf8');
	const body = data.subarray(end);
	const file = head.includes('compressed: zlib\n') ? zlib.inflateSync(body) : body;
	fs.writeFileSync(path.join(out, name), Buffer.concat([Buffer.from(head), file]));
}
