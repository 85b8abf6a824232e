// SPDX-License-Identifier: GPL-3.0-or-later
// Takes the picture of every sample form at 300 dpi and writes what stands on it: OUT/NAME.png, NAME.txt, NAME.json.
// usage: node generate.mjs FORMS OUT [NAME …]     needs playwright-core (NODE_PATH) and Chromium (env CHROMIUM)
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const { chromium } = createRequire(path.resolve(process.env.NODE_PATH, 'x.js'))('playwright-core');
const [forms, out, ...wanted] = process.argv.slice(2);
const script = path.join(path.dirname(fileURLToPath(import.meta.url)), 'forms', 'page.js');
const names = fs.readdirSync(forms).filter(f => f.endsWith('.html')).map(f => f.slice(0, -5)).sort()
	.filter(name => !wanted.length || wanted.some(w => name.startsWith(w)));

function seedOf(name) {
	let seed = 2166136261;
	for (const byte of Buffer.from(name))
		seed = Math.imul(seed ^ byte, 16777619);
	return seed;
}

fs.mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--force-color-profile=srgb'] });
const page = await browser.newPage({ viewport: { width: 794, height: 1123 }, deviceScaleFactor: 300 / 96 });
for (const name of names) {
	await page.setViewportSize({ width: 794, height: 1123 });
	await page.goto(pathToFileURL(path.resolve(forms, `${name}.html`)).href);
	const sheet = await page.evaluate(() => ({ width: document.body.offsetWidth, height: document.body.offsetHeight }));
	await page.setViewportSize(sheet);
	await page.addScriptTag({ path: script });
	await page.evaluate(() => document.fonts.ready);
	await page.evaluate(seed => decorate(seed), seedOf(name));
	const lines = await page.evaluate(() => truth());
	const fields = await page.evaluate(() => meta());
	const cells = await page.evaluate(() => cells());
	const high = await page.evaluate(() => [document.body.scrollHeight - document.body.clientHeight, document.body.scrollWidth - document.body.clientWidth]);
	if (high[0] > 1 || high[1] > 1)
		console.error(`${name}: does not fit its sheet by ${high} px`);
	await page.screenshot({ path: path.join(out, `${name}.png`), clip: { x: 0, y: 0, ...sheet } });
	fs.writeFileSync(path.join(out, `${name}.txt`), lines.map(line => line.text + '\n').join(''));
	const head = JSON.stringify(fields, null, '\t').slice(0, -2);
	const list = rows => `[\n${rows.map(row => '\t\t' + JSON.stringify(row)).join(',\n')}\n\t]`;
	fs.writeFileSync(path.join(out, `${name}.json`), `${head},\n\t"lines": ${list(lines)},\n\t"cells": ${list(cells)}\n}\n`);
	console.error(`${name}: ${lines.length} lines`);
}
await browser.close();
