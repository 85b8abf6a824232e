// SPDX-License-Identifier: GPL-3.0-or-later
// Searchable PDFs of a shipped `ocr` worker in Chromium's own viewer: what a person marks there, copies or looks for is our text, kanji beside
// kanji. Its search has no door for scripts; it looks in the same text that marking gives. A ruled form, and a letter whose lines run downwards.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { assert, check, equal, finish, launch, root } from './lib.mjs';

const build = resolve(root, process.env.O ?? 'build');
const folder = mkdtempSync(join(tmpdir(), 'fumikura-pdf-'));
const samples = { form: '01-houmon-kaigo-keikaku', letter: '15-tegami' };
const PATIENCE = 60000; // ms, on a busy machine; never a measure
const TITLE = '訪問介護計画書';

// Reads a sample; what was read, and the PDF beside it.
function compose(name) {
	const out = mkdtempSync(join(folder, `${name}-`));
	const result = execFileSync(join(build, 'tests/read_driver'), [join(build, 'bin/ocr'), '--out', out, '--json', join(root, `tests/samples/clean/${samples[name]}.png`)], { encoding: 'utf8' });
	return { result: JSON.parse(result), pdf: readFileSync(join(out, 'page.pdf')) };
}

const made = { form: compose('form'), letter: compose('letter') };
const server = createServer((request, response) => {
	const pdf = made[request.url.slice(1)]?.pdf;
	response.writeHead(pdf ? 200 : 404, { 'Content-Type': 'application/pdf' }).end(pdf);
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const browser = await launch('');

// The viewer is a page of its own inside the tab, around the PDF.
async function open(name) {
	const page = await (await browser.newContext({ viewport: { width: 1200, height: 900 } })).newPage();
	await page.goto(`http://127.0.0.1:${server.address().port}/${name}`);
	for (const end = Date.now() + PATIENCE; Date.now() < end; await page.waitForTimeout(100)) {
		const viewer = page.frames().find((f) => f.url().startsWith('chrome-extension:'));
		if (viewer && await viewer.evaluate(() => document.querySelector('pdf-viewer')?.currentController != null).catch(() => false))
			return { page, viewer };
	}
	throw new Error('no PDF viewer appeared');
}

const marked = async (viewer) => (await viewer.evaluate(() => document.querySelector('pdf-viewer').currentController.getSelectedText())).selectedText.replace(/\r/g, '');

// Everything is marked, as soon as the page is there.
async function markAll(page, viewer) {
	for (const end = Date.now() + PATIENCE; Date.now() < end; await page.waitForTimeout(200)) {
		await viewer.evaluate(() => document.querySelector('pdf-viewer').currentController.selectAll());
		if (await marked(viewer) !== '')
			return marked(viewer);
	}
	throw new Error('nothing can be marked');
}

for (const name of ['form', 'letter'])
	await check(`${name}: every line is found in Chromium as it stands, without a space between its characters`, async () => {
		const { page, viewer } = await open(name), text = await markAll(page, viewer), lines = made[name].result.readings[0].text.split('\n').filter((line) => [...line].length > 1);
		assert(lines.length > 5, 'too few lines were read');
		equal(lines.filter((line) => !text.includes(line)), [], 'lines that are not found');
	});
await check('letter: its lines run downwards', () => {
	const { text, boxes } = made.letter.result.readings[0], at = 4 * text.search(/[^\n]{20}/);
	const [x, y] = boxes.slice(at, at + 2), [x20, y20] = boxes.slice(at + 4 * 19, at + 4 * 19 + 2);
	assert(y20 - y > 4 * Math.abs(x20 - x), 'the first long line does not');
});
await check('form: the title can be marked with the mouse where it stands', async () => {
	const { page, viewer } = await open('form');
	const { readings: [{ text, boxes }], width } = made.form.result, at = 4 * text.indexOf(TITLE), end = at + 4 * (TITLE.length - 1);
	await markAll(page, viewer);
	const sheet = await viewer.evaluate(() => {
		const viewer = document.querySelector('pdf-viewer'), { x, y } = viewer.shadowRoot.querySelector('#content').getBoundingClientRect();
		const rect = viewer.viewport.getPageScreenRect(0);
		return { x: x + rect.x, y: y + rect.y, width: rect.width };
	});
	const scale = sheet.width / width, y = sheet.y + (boxes[at + 1] + boxes[at + 3] / 2) * scale;
	const left = sheet.x + (boxes[at] - 8) * scale, right = sheet.x + (boxes[end] + boxes[end + 2] + 8) * scale;
	await page.mouse.move(left, y);
	await page.mouse.down();
	await page.mouse.move((left + right) / 2, y, { steps: 5 });
	await page.mouse.move(right, y, { steps: 5 });
	await page.mouse.up();
	equal(await marked(viewer), TITLE, 'marked');
});
await browser.close();
server.close();
rmSync(folder, { recursive: true, force: true });
finish(4);
