// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of a reading, through the pages: corrected line by line, handed out with places blacked out; and a manager answers for the clock. One real box, one
// real browser.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATIENCE, accessible, api, assert, certificate, check, equal, finish, launch, root, signIn, startBox, visit } from './lib.mjs';

const feeder = mkdtempSync(join(tmpdir(), 'fumikura-paper-'));
cpSync(join(root, 'tests/samples/pages/06-hihokensha-shou.jpg'), join(feeder, 'page.jpg'));
const box = startBox(feeder);
const everyone = [];
const NEW = '本人の希望により入浴';
let browser, clerk, batch, id;

async function open(role) {
	const p = await visit(browser, box);
	everyone.push(p);
	await signIn(p, box.password(role));
	return p;
}
async function until(f, what) {
	const end = Date.now() + PATIENCE;
	while (!(await f())) {
		assert(Date.now() < end, `never happened: ${what}`);
		await new Promise((r) => setTimeout(r, 200));
	}
}
const body = async (p, ...request) => (await api(p, ...request)).body;
const lines = async (p) => (await body(p, 'GET', `/documents/${id}/pages/1/lines`)).lines;
const found = async (p, query) => (await body(p, 'POST', '/search', { query })).total;
const input = (p) => p.getByLabel('紙に書いてあるとおりの文字');
// Drags over the part [x0,y0,x1,y1] of the page in sight.
async function drag(p, part) {
	const layer = p.locator('svg.drawing');
	await layer.scrollIntoViewIfNeeded();
	const b = await layer.boundingBox();
	const at = (i) => [b.x + part[i] * b.width, b.y + part[i + 1] * b.height];
	await p.mouse.move(...at(0));
	await p.mouse.down();
	await p.mouse.move(...at(2));
	await p.mouse.up();
}
// A click on the page, then a drag that the system takes for itself (a palm, a swipe): neither draws anything.
async function strayPointer(p) {
	const layer = p.locator('svg.drawing'), b = await layer.boundingBox();
	const frames = () => layer.evaluate((e) => [...e.querySelectorAll('rect')].map((r) => ['x', 'y', 'width', 'height'].map((a) => r.getAttribute(a)).join()));
	const before = await frames();
	const at = (x, y) => [b.x + x * b.width, b.y + y * b.height];
	await p.mouse.click(...at(0.3, 0.3));
	await p.mouse.move(...at(0.2, 0.2));
	await p.mouse.down();
	await p.mouse.move(...at(0.5, 0.4));
	await layer.evaluate((e) => e.dispatchEvent(new PointerEvent('pointercancel', { pointerId: 1, bubbles: true })));
	await p.mouse.move(...at(0.6, 0.5));
	equal(await frames(), before, 'frames after the drag was taken away');
	await p.mouse.up();
	equal(await frames(), before, 'frames at the end');
}
async function narrow(p) {
	await p.setViewportSize({ width: 360, height: 800 });
	assert(await p.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'wider than 360 pixels');
	await p.setViewportSize({ width: 1440, height: 900 });
}

async function begin() {
	browser = await launch((await certificate(box)).spki);
	clerk = await open('clerk');
	await check('the page for scanning says what waits to be read', async () => {
		await clerk.goto('/#/scan');
		await clerk.locator('p.backlog').filter({ hasText: '文字認識待ち' }).waitFor();
		batch = (await body(clerk, 'POST', '/scans', { profile: 'lineart300', sheets: 1 })).batch;
		await until(async () => (await body(clerk, 'GET', `/batches/${batch}`)).pages[0]?.state === 'read', 'the page is read');
		[{ id }] = (await body(clerk, 'GET', `/batches/${batch}`)).documents;
	});
}

async function correct() {
	let before;
	await check('a line is chosen, its machine reading shown, its correction kept beside it', async () => {
		before = await lines(clerk);
		await clerk.goto(`/#/doc/${id}/1`);
		await clerk.getByRole('link', { name: '読み取りを直す' }).click();
		await clerk.locator('.line').first().waitFor();
		equal(await clerk.locator('.line').count(), before.length, 'lines in the list');
		await clerk.locator('.line').nth(1).click();
		equal(await clerk.locator('.raw').innerText(), before[1].text, 'the machine reading');
		await input(clerk).fill('手で直した一行');
		await clerk.keyboard.press('Enter');
		await clerk.getByText('直しました。検索にもすぐ効きます。').waitFor();
		const now = await lines(clerk);
		equal([now[1].text, now[1].corrected.raw.trim(), now[1].box], ['手で直した一行', before[1].text, before[1].box], 'the line as it is kept');
		equal(await found(clerk, '手で直した'), 1, 'found as corrected');
		equal(await found(clerk, before[1].text.trim().split(/\s+/)[0]), 1, 'found as read');
	});
	await check('Enter went on to the next line; the keyboard alone does it', async () => {
		await clerk.locator('.line').nth(2).and(clerk.locator('[aria-current="true"]')).waitFor();
		assert(await input(clerk).evaluate((e) => e === document.activeElement), 'the input is not in focus');
		await clerk.keyboard.press('Control+A');
		await clerk.keyboard.type('キーで直した行');
		await clerk.keyboard.press('Enter');
		await until(async () => (await lines(clerk))[2].text === 'キーで直した行', 'the third line');
		await accessible(clerk);
	});
	await check('a line is chosen on the page itself, and its correction taken back', async () => {
		await clerk.locator('.sheet .lineboxes rect').nth(2).click();
		await clerk.getByRole('button', { name: '機械の読みに戻す' }).click();
		await clerk.getByText('機械の読みに戻しました。').waitFor();
		equal((await lines(clerk))[2], before[2], 'the third line');
	});
	await check('what was not read is added where a frame is drawn', async () => {
		await clerk.getByRole('button', { name: '読まれていない行を足す' }).click();
		await drag(clerk, [0.1, 0.8, 0.6, 0.84]);
		await clerk.getByText('（何も読んでいません）').waitFor();
		await input(clerk).fill(NEW);
		await strayPointer(clerk);
		equal(await input(clerk).inputValue(), NEW, 'what was typed, after a stray click and a drag that was taken away');
		await drag(clerk, [0.12, 0.79, 0.62, 0.84]);
		equal(await input(clerk).inputValue(), NEW, 'what was typed, after the frame was drawn better');
		await clerk.getByRole('button', { name: '保存して次へ' }).click();
		await until(async () => (await lines(clerk)).some((l) => l.text === NEW), 'the new line');
		equal(await found(clerk, NEW), 1, 'found');
		await narrow(clerk);
	});
}

const draft = (p, i) => p.locator('.line').nth(i).getByText('未保存').count();

async function drafts() {
	await check('what was typed and not saved stays with its line while others are chosen', async () => {
		const before = await lines(clerk);
		await clerk.locator('.line').nth(0).click();
		await input(clerk).fill('書きかけの一行目');
		await clerk.locator('.line').nth(3).click();
		equal(await input(clerk).inputValue(), before[3].text, 'another line');
		await input(clerk).fill('書きかけの四行目');
		await clerk.locator('.sheet .lineboxes rect').nth(0).click();
		equal(await input(clerk).inputValue(), '書きかけの一行目', 'the first line, chosen again on the page');
		equal([await draft(clerk, 0), await draft(clerk, 1), await draft(clerk, 3)], [1, 0, 1], 'lines marked as not saved');
		await clerk.keyboard.press('Enter');
		await until(async () => (await lines(clerk))[0].text === '書きかけの一行目', 'the first line is saved');
		await until(async () => (await draft(clerk, 0)) === 0, 'and no longer marked');
		await clerk.locator('.line').nth(3).click();
		equal(await input(clerk).inputValue(), '書きかけの四行目', 'the fourth line, after another was saved');
		await accessible(clerk);
		await input(clerk).fill(before[3].text);
		equal(await draft(clerk, 3), 0, 'what is as it was is no draft');
		await clerk.locator('.line').nth(0).click();
		await clerk.getByRole('button', { name: '機械の読みに戻す' }).click();
		await until(async () => (await lines(clerk))[0].text === before[0].text, 'the first line is as it was');
	});
	await check('so does what was typed for a place that is not read', async () => {
		const add = clerk.getByRole('button', { name: '読まれていない行を足す' });
		await add.click();
		await drag(clerk, [0.1, 0.9, 0.6, 0.94]);
		await input(clerk).fill('欄外の書きかけ');
		await clerk.locator('.line').nth(2).click();
		await add.click();
		equal(await input(clerk).inputValue(), '欄外の書きかけ', 'what was typed');
		equal(await clerk.locator('svg.drawing rect').count(), 1, 'frames');
		await input(clerk).fill('');
		await clerk.locator('.line').nth(2).click();
		await add.click();
		equal(await clerk.locator('svg.drawing rect').count(), 0, 'frames, when nothing was typed');
		await clerk.locator('.line').nth(2).click();
	});
}

async function confirmed() {
	const checker = await open('checker');
	await check('of a confirmed record only a checker corrects what was read (G71-06)', async () => {
		await api(clerk, 'PUT', `/documents/${id}/fields`, { fields: { type: 'insurance_card', client_name: '髙橋 花子', date: '2026-11-05' } });
		equal((await api(clerk, 'POST', `/batches/${batch}/submit`)).status, 200, 'submitted');
		equal((await api(checker, 'POST', '/confirmations', { documents: [id] })).status, 200, 'confirmed');
		await clerk.goto('/#/scan');
		await clerk.goto(`/#/correct/${id}/1`);
		await clerk.getByText('情報作成管理者に頼んでください').waitFor();
		await clerk.locator('.line').nth(3).click();
		assert(await input(clerk).isDisabled(), 'the clerk could write');
		await checker.goto(`/#/correct/${id}/1`);
		await checker.getByText('画像・項目・署名は変わりません').waitFor();
		await checker.locator('.line').nth(3).click();
		await input(checker).fill('確定のあとに直した行');
		await checker.keyboard.press('Enter');
		await until(async () => (await lines(checker))[3].text === '確定のあとに直した行', 'the line');
		assert((await body(checker, 'POST', '/verify', { document: id })).ok, 'the record no longer verifies');
	});
	return checker;
}

const textOf = (pdf) => {
	const file = join(feeder, 'saved.pdf');
	writeFileSync(file, pdf);
	return execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' }).replaceAll(/\s/g, '');
};
const pdfOf = async (p, method, path, request) => Buffer.from(await p.evaluate(async ([m, a, b]) => {
	const r = await fetch(`/api/v1${a}`, { method: m, headers: { 'X-Fumikura': '1', ...(b ? { 'Content-Type': 'application/json' } : {}) }, body: b ? JSON.stringify(b) : undefined });
	return [...new Uint8Array(await r.arrayBuffer())];
}, [method, path, request]));

async function redact(checker) {
	await check('the PDF has the text as it was corrected', async () => {
		const text = textOf(await pdfOf(checker, 'GET', `/documents/${id}/pdf`));
		for (const want of ['手で直した一行', NEW, '確定のあとに直した行'])
			assert(text.includes(want), `${want} is not in ${text}`);
	});
	await check('what will be black is seen before a redacted PDF can be saved (P-17)', async () => {
		await checker.goto(`/#/doc/${id}/1`);
		await checker.getByRole('link', { name: '墨消し PDF を作る' }).click();
		const look = checker.getByRole('button', { name: '黒くなる所を確かめる' });
		await look.waitFor();
		assert(await look.isDisabled(), 'nothing was chosen yet');
		await checker.locator('.sheet img').waitFor();
		await drag(checker, [0.05, 0.78, 0.65, 0.86]);
		await checker.locator('svg.drawing').focus();
		for (const key of ['Enter', 'ArrowRight', 'Shift+ArrowDown', 'Delete'])
			await checker.keyboard.press(key);
		equal(await checker.getByText(/番目の枠$/).count(), 1, 'frames in the list');
		await look.click();
		await checker.getByText('黒枠 1個').waitFor();
		await checker.locator('.previews svg.black rect').waitFor({ state: 'attached' });
		await accessible(checker);
		await narrow(checker);
	});
	await check('what was hidden is in neither image nor text of what is saved', async () => {
		const [download] = await Promise.all([checker.waitForEvent('download', { timeout: PATIENCE }), checker.getByRole('button', { name: '墨消し PDF を保存する' }).click()]);
		const text = execFileSync('pdftotext', ['-raw', await download.path(), '-'], { encoding: 'utf8' }).replaceAll(/\s/g, '');
		assert(text.includes('手で直した一行') && !text.includes(NEW) && !text.includes('入浴'), text);
	});
	await check('a change after the look takes the saving back', async () => {
		await checker.getByLabel('利用者氏名').check();
		equal(await checker.getByRole('button', { name: '墨消し PDF を保存する' }).count(), 0, 'buttons to save');
		await checker.getByRole('button', { name: '枠を消す' }).click();
		equal(await checker.getByText(/番目の枠$/).count(), 0, 'frames in the list');
	});
	await check('a clerk makes no redacted PDF (G6-20)', async () => {
		await clerk.goto(`/#/redact/${id}/1`);
		await clerk.getByText('この画面を使う権限がありません').waitFor();
		equal((await api(clerk, 'POST', `/documents/${id}/redacted/preview`, { redact: ['client_name'] })).status, 403, 'API');
	});
}

async function clock() {
	const manager = await open('manager');
	await check('a manager answers for the clock with a reason, and takes it back (G6-32)', async () => {
		await manager.goto('/#/status');
		const allow = manager.getByRole('button', { name: '確定を一時的に認める' });
		await allow.click();
		await manager.getByText('理由を入力してください。').waitFor();
		await manager.getByLabel('理由').fill('回線の工事');
		await manager.getByLabel('認める時間').selectOption('1');
		await accessible(manager);
		await allow.click();
		await manager.getByText(/まで認めています/).waitFor();
		const { until: end } = await manager.evaluate(async () => ({ until: (await (await fetch('/api/v1/status', { headers: { 'X-Fumikura': '1' } })).json()).clock.override_until }));
		assert(Math.abs(new Date(end) - Date.now() - 3600e3) < 600e3, `until ${end}`);
		equal((await body(manager, 'GET', '/log?type=time.override')).entries[0].data.reason, '回線の工事', 'reason in the log');
		await manager.getByRole('button', { name: '許可を終える' }).click();
		await allow.waitFor();
		equal((await body(manager, 'GET', '/status')).clock.override_until, '', 'until');
	});
	await check('nobody else is offered that', async () => {
		await clerk.goto('/#/status');
		await clerk.getByText('箱の中の部屋').waitFor();
		equal(await clerk.getByRole('button', { name: '確定を一時的に認める' }).count(), 0, 'buttons');
	});
	await check('no script failed and no rule of the content policy was broken', () => equal(everyone.flatMap((p) => p.faults), [], 'faults'));
}

try {
	await begin();
	await correct();
	await drafts();
	const checker = await confirmed();
	await redact(checker);
	await clock();
} catch (e) {
	console.log(String(e.stack).replace(/^/gm, '# '));
} finally {
	await browser?.close();
	box.stop();
	rmSync(feeder, { recursive: true, force: true });
}
finish(16);
