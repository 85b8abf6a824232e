// SPDX-License-Identifier: GPL-3.0-or-later
// The whole way of a form through the pages, by the people who walk it: clerk, checker, manager, inspector, administrator. One real box, one real browser.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATIENCE, accessible, api, assert, certificate, check, equal, finish, launch, root, sha256, signIn, startBox, visit } from './lib.mjs';

const samples = join(root, 'tests/samples/pages');
const forms = ['02-service-kiroku', '05-kojin-jouhou-doui', '06-hihokensha-shou'];
const feeder = mkdtempSync(join(tmpdir(), 'fumikura-paper-'));
for (const f of forms)
	cpSync(join(samples, `${f}.jpg`), join(feeder, `${f}.jpg`));
const truth = JSON.parse(readFileSync(join(samples, `${forms[0]}.json`), 'utf8'));

const box = startBox(feeder);
let browser, page, batch;
const everyone = [];
const open = async (role, options) => {
	const p = await visit(browser, box, options);
	everyone.push(p);
	await signIn(p, box.password(role));
	return p;
};
const navigation = (p) => p.getByRole('navigation', { name: 'おもな画面' }).getByRole('link').allInnerTexts();
const batchNow = async () => (await api(page, 'GET', `/batches/${batch}`)).body;

const input = (label) => page.getByRole('textbox', { name: new RegExp(`^${label}`) });

async function gate() {
	await check('the certificate chains to the archive, TLS is 1.3', async () => {
		const c = await certificate(box);
		assert(c.authorized, 'not authorised by the CA');
		equal(c.protocol, 'TLSv1.3', 'protocol');
		browser = await launch(c.spki);
	});
	await check('the gate can be used by everybody (axe)', async () => {
		page = await visit(browser, box);
		everyone.push(page);
		await page.getByRole('heading', { name: 'サインイン' }).waitFor();
		await accessible(page);
	});
	await check('a wrong password is refused in words and tells nothing else', async () => {
		await page.getByLabel('利用者名').fill('clerk');
		await page.getByLabel('パスワード').fill('not-the-password');
		await page.getByRole('button', { name: 'サインイン' }).click();
		const text = await page.getByRole('alert').innerText();
		assert(/利用者名またはパスワードが違います/.test(text), text);
	});
	await check('a clerk signs in, the cookie is out of reach of scripts', async () => {
		await signIn(page, box.password('clerk'));
		equal(await navigation(page), ['取込', '検索', '状態'], 'navigation of a clerk');
		equal(await page.evaluate(() => document.cookie), '', 'document.cookie');
		const [cookie] = await page.context().cookies();
		equal([cookie.name, cookie.httpOnly, cookie.secure, cookie.sameSite], ['__Host-fumikura', true, true, 'Strict'], 'cookie');
	});
}

async function intake() {
	await check('scanning starts only after the look at the paper (G91-03)', async () => {
		const start = page.getByRole('button', { name: '読み取りを始める' });
		assert(await start.isDisabled(), 'start was possible at once');
		await page.locator('select option[value="fumikura:feeder"]').waitFor({ state: 'attached' });
		for (const box_ of await page.getByRole('checkbox').all())
			await box_.check();
		assert(await start.isEnabled(), 'start stayed impossible');
		await accessible(page);
		await start.click();
		await page.waitForURL(/#\/batch\/B\d+/);
		batch = /B\d+/.exec(page.url())[0];
	});
	await check('pages arrive live, each named stored or recognised', async () => {
		await page.locator('button.thumb').nth(forms.length - 1).waitFor({ timeout: PATIENCE });
		for (const text of await page.locator('button.thumb').allInnerTexts())
			assert(/読取済|認識中|認識済/.test(text), text);
	});
	await check('all pages become recognised and show their images', async () => {
		await page.waitForFunction((n) => document.querySelectorAll('button.thumb .pic img').length === n, forms.length, { timeout: PATIENCE });
		await page.waitForFunction(() => document.querySelector('.sheet img')?.naturalWidth > 600, null, { timeout: PATIENCE });
		assert((await batchNow()).pages.every((p) => p.state === 'read'), 'a page is not read');
	});
	await check('nothing that was recognised is filled in by itself', async () => {
		const now = await batchNow();
		for (const d of now.documents)
			equal(Object.keys(d.fields).filter((k) => k !== 'type'), [], 'fields');
		assert(now.documents.some((d) => d.proposals.length > 0), 'no proposal at all on a sample form');
		equal(await input('利用者氏名').inputValue(), '', 'client name');
		assert(await page.locator('.proposal').count() > 0, 'no proposal is shown');
	});
	await check('the work on a batch can be done by everybody (axe)', () => accessible(page));
	await check('a page that could not be read says why, and what to do', async () => {
		await page.route(/\/api\/v1\/batches\/B\d+(\?.*)?$/, async (route) => {
			const response = await route.fetch({ ignoreHTTPSErrors: true }), json = await response.json();
			Object.assign(json.pages[1], { state: 'unreadable', why: 'worker_died' });
			await route.fulfill({ response, json });
		});
		await page.reload();
		const notice = page.getByRole('alert').filter({ hasText: '2 ページ目の文字を認識できませんでした' });
		await notice.waitFor();
		for (const part of ['2回止まりました', '画像はそのまま保管', '読み取り直して'])
			assert((await notice.innerText()).includes(part), part);
		await accessible(page);
		await page.unrouteAll({ behavior: 'ignoreErrors' });
		await page.reload();
		await page.locator('button.thumb').nth(forms.length - 1).waitFor();
	});
}

async function compare() {
	await check('keys turn, exclude and cut pages', async () => {
		await page.locator('button.thumb').first().click();
		await page.keyboard.press('r');
		await until(async () => (await batchNow()).pages[0].rotation === 90, 'page 1 turned');
		await page.keyboard.press('Shift+R');
		await until(async () => (await batchNow()).pages[0].rotation === 0, 'page 1 turned back');
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('c');
		await until(async () => (await batchNow()).documents.length === 2, 'cut into two documents');
		await page.locator('button.thumb').nth(2).click();
		await page.keyboard.press('x');
		await page.getByRole('dialog').getByLabel(/理由/).fill('重複');
		await page.getByRole('dialog').getByRole('button', { name: '除外する' }).click();
		await until(async () => (await batchNow()).pages[2].excluded, 'page 3 excluded');
	});
	await check('submitting without the fields says what is missing', async () => {
		await page.getByRole('button', { name: '提出する' }).click();
		await page.getByRole('dialog').getByRole('button', { name: '提出する' }).click();
		await page.getByRole('alert').filter({ hasText: '項目' }).first().waitFor();
		equal((await batchNow()).state, 'open', 'state');
	});
	await check('a proposal enters a field only when it is pressed', async () => {
		await page.locator('button.thumb').first().click();
		const accept = page.getByRole('button', { name: /^(利用者氏名|被保険者番号|作成日) に/ }).first();
		const [, label, value] = /^(.+?) に「(.+)」/.exec(await accept.getAttribute('aria-label'));
		await accept.click();
		await until(async () => Object.keys((await batchNow()).documents[0].fields).some((k) => ['client_name', 'client_id', 'date'].includes(k)), `${label} stored`);
		assert((await input(label).inputValue()).length > 0 && value.length > 0, 'the field stayed empty');
		await input('利用者氏名').fill(truth.client_name);
		await input('被保険者番号').fill(truth.client_id);
		await input('作成日').fill('令和8年11月5日');
		await page.getByRole('combobox', { name: /^書類の種類/ }).selectOption('service_record');
		await until(async () => (await batchNow()).documents[0].fields.type === 'service_record', 'type stored');
		await until(async () => (await batchNow()).documents[0].fields.date === '2026-11-05', 'era date stored as a date');
		equal((await batchNow()).documents[0].fields.client_name, truth.client_name, 'client name');
	});
	await check('a submitted batch is closed and says so', async () => {
		await page.locator('button.thumb').nth(1).click();
		await input('利用者氏名').fill('髙橋 花子');
		await input('作成日').fill('R8.11.5');
		await page.getByRole('combobox', { name: /^書類の種類/ }).selectOption('consent');
		await until(async () => (await batchNow()).documents[1].fields.date === '2026-11-05' && (await batchNow()).documents[1].fields.type === 'consent', 'fields of document 2');
		await page.getByRole('button', { name: '提出する' }).click();
		await page.getByRole('dialog').getByRole('button', { name: '提出する' }).click();
		await page.getByText('ここではもう変更できません').waitFor();
		equal((await batchNow()).state, 'submitted', 'state');
		equal(await page.getByRole('button', { name: '右へ回す' }).count(), 0, 'buttons that change');
	});
	await check('a file that is no page is refused by name, the rest goes on', async () => {
		await page.goto('/#/scan');
		await page.locator('input[type=file]').setInputFiles([{ name: '壊れた.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 broken') }, { name: '名刺.png', mimeType: 'image/png', buffer: readFileSync(join(root, 'tests/browser/paper.png')) }]);
		await page.getByRole('alert').filter({ hasText: '壊れた.pdf' }).waitFor({ timeout: PATIENCE });
		await page.getByRole('link', { name: '取り込めた分を開く' }).click();
		await page.locator('button.thumb').first().waitFor({ timeout: PATIENCE });
	});
}

async function until(f, what) {
	const end = Date.now() + PATIENCE;
	while (!(await f())) {
		assert(Date.now() < end, `never happened: ${what}`);
		await new Promise((r) => setTimeout(r, 200));
	}
}

async function confirmation() {
	let checker, id;
	await check('the checker must see every page and answer every question', async () => {
		checker = await open('checker');
		equal(await navigation(checker), ['取込', '確認・確定', '検索', '状態', '利用者'], 'navigation of a checker');
		await checker.getByRole('link', { name: '確認・確定' }).click();
		await checker.locator('a.item').nth(1).waitFor();
		await accessible(checker);
		await checker.locator('a.item').filter({ hasText: 'サービス提供記録' }).first().click();
		await checker.waitForURL(/confirm\/D\d+/);
		id = /D\d+/.exec(checker.url())[0];
		const button = checker.getByRole('button', { name: '確定する' });
		await button.waitFor();
		assert(await button.isDisabled(), 'could confirm at once');
		for (const c of await checker.getByRole('checkbox').all())
			await c.check();
		assert(await button.isEnabled(), 'could not confirm after all answers');
		await checker.locator('.sheet img').waitFor();
		await accessible(checker);
		await button.click();
	});
	await check('確定 signs it; the timestamp is there or shown as pending', async () => {
		await checker.getByText(/に確定しました/).waitFor({ timeout: PATIENCE });
		const shown = (await api(checker, 'GET', `/documents/${id}`)).body;
		equal(shown.state, 'confirmed', 'state');
		equal(shown.signature.same_person, false, 'same person');
		await until(async () => (await api(checker, 'GET', `/documents/${id}`)).body.timestamp.state === 'stamped', 'timestamp');
	});
	return { checker, id };
}

async function finding({ id }) {
	const manager = await open('manager');
	await check('one box finds a name, in either spelling, with its place marked', async () => {
		equal(await navigation(manager), ['検索', '監査証跡', '状態', '利用者'], 'navigation of a manager');
		await manager.getByLabel('探す言葉').fill('サービス提供');
		await manager.locator('a.hit').first().waitFor();
		assert(/サービス提供/.test((await manager.locator('a.hit mark').first().innerText()).replaceAll(' ', '')), 'the snippet does not show the term');
		await manager.locator('a.hit .pic img').first().waitFor();
		assert(!/サービス/.test(decodeURIComponent(manager.url())), 'the query stands in the address');
		await accessible(manager);
	});
	await check('the mark lies where the word is printed', async () => {
		await manager.locator(`a.hit[href^="#/doc/${id}/1"]`).first().click(); // truth is the first page's
		await manager.locator('.sheet svg.marks rect').first().waitFor();
		// All measured in one look: the page may still be settling.
		const centres = await manager.evaluate(() => {
			const sheet = document.querySelector('.sheet').getBoundingClientRect();
			return [...document.querySelectorAll('.sheet svg.marks rect')].map((r) => r.getBoundingClientRect()).map((r) => [(r.x - sheet.x + r.width / 2) / sheet.width * 2480, (r.y - sheet.y + r.height / 2) / sheet.width * 2480]);
		});
		const line = truth.lines.find((l) => l.text.includes('サービス提供'));
		const near = centres.some(([x, y]) => x > line.x - 60 && x < line.x + line.w + 60 && y > line.y - 60 && y < line.y + line.h + 60);
		assert(near, `no mark near the heading at ${line.x},${line.y}: ${JSON.stringify(centres)}`);
		await accessible(manager);
	});
	await check('the record says who signed and that the timestamp is 非認定', async () => {
		const text = await manager.getByRole('main').innerText();
		assert(/佐々木 涼子 さんが .* に確定し、電子署名しました/.test(text), 'signature in words');
		assert(/非認定の時刻印/.test(text), '非認定 in words');
	});
	await check('the master that is saved is the one that the record names', async () => {
		const shown = (await api(manager, 'GET', `/documents/${id}`)).body;
		await manager.getByText('読み取りの記録').click();
		const data = await saved(manager, 'このページの原本（TIFF）');
		equal(data.subarray(0, 2).toString(), 'II', 'TIFF');
		equal(sha256(data), shown.pages[0].sha256, 'digest');
	});
	await check('PDF and evidence can be saved', async () => {
		const pdf = await saved(manager, '検索できる PDF');
		equal(pdf.subarray(0, 5).toString(), '%PDF-', 'PDF');
		const zip = await saved(manager, '証拠ファイル一式（ZIP）');
		equal(zip.subarray(0, 2).toString(), 'PK', 'ZIP');
		for (const name of ['manifest.json', 'manifest.json.p7s', 'timestamp.tsr'])
			assert(zip.includes(name), `${name} in the evidence`);
	});
	return manager;
}

async function saved(p, name) {
	const [download] = await Promise.all([p.waitForEvent('download', { timeout: PATIENCE }), p.getByRole('button', { name }).click()]);
	return readFileSync(await download.path());
}

async function proof(manager) {
	await check('the audit trail tells of the search, the view and the saving, in words (G6-30)', async () => {
		await manager.getByRole('link', { name: '監査証跡' }).click();
		await manager.locator('tbody tr').nth(5).waitFor();
		const text = await manager.locator('tbody').innerText();
		for (const type of ['search', 'view', 'export', 'doc.confirm'])
			assert(text.includes(type), `${type} in the trail`);
		assert(text.includes('127.0.0.1'), 'terminal in the trail');
		await accessible(manager);
	});
	await check('everything can be verified from the page', async () => {
		await manager.getByRole('button', { name: 'すべてを検証する' }).click();
		await manager.getByText('問題は見つかりませんでした').waitFor({ timeout: PATIENCE });
	});
	await check('the state of the box names the waived rule (G6-03)', async () => {
		await manager.getByRole('link', { name: '状態' }).click();
		await manager.getByText('G6-03').waitFor();
		await accessible(manager);
	});
}

async function refusals() {
	await check('a clerk cannot read the audit trail, not even by address (G6-20)', async () => {
		await page.goto('/#/log');
		await page.getByText('この画面を使う権限がありません').waitFor();
		equal((await api(page, 'GET', '/log')).status, 403, 'API');
	});
	await check('an administrator cannot read records (G6-22)', async () => {
		const admin = await open('admin');
		equal(await navigation(admin), ['状態', '利用者'], 'navigation of an administrator');
		for (const [method, path, body] of [['POST', '/search', { query: '高橋' }], ['GET', '/documents/D000001'], ['GET', '/documents/D000001/pages/1/preview'], ['GET', '/documents/D000001/pdf']])
			equal((await api(admin, method, path, body)).status, 403, path);
		await admin.getByRole('link', { name: '利用者' }).click();
		await admin.locator('tbody tr').nth(4).waitFor();
		await accessible(admin);
	});
	await check('an inspector sees everything and changes nothing (G6-24)', async () => {
		const inspector = await open('inspector');
		equal(await navigation(inspector), ['検索', '監査証跡', '状態'], 'navigation of an inspector');
		for (const [method, path, body] of [['PUT', '/documents/D000001/fields', { fields: { title: 'x' } }], ['POST', '/confirmations', { documents: ['D000002'] }], ['POST', '/scans', {}], ['POST', '/users', { user: 'x', display: 'x', role: 'admin', password: 'yuyake-no-akatombo' }]])
			equal((await api(inspector, method, path, body)).status, 403, path);
		equal((await api(inspector, 'GET', '/documents/D000001')).status, 200, 'reading');
	});
	await check('signing out ends the session for good', async () => {
		await page.getByRole('button', { name: 'サインアウト' }).click();
		await page.getByText('サインアウトしました').waitFor();
		equal((await api(page, 'GET', '/queue')).status, 401, 'API');
	});
}

async function forAll(manager, id) {
	await check('English says the same, the whole width down to 360 pixels, light and dark', async () => {
		await manager.getByRole('button', { name: 'English' }).click();
		await manager.getByRole('heading', { name: 'Status' }).waitFor();
		equal(await manager.locator('html').getAttribute('lang'), 'en', 'lang');
		for (const scheme of ['light', 'dark']) {
			await manager.emulateMedia({ colorScheme: scheme });
			for (const [width, hash] of [[360, 'search'], [360, `doc/${id}`], [720, 'log'], [360, 'users'], [360, 'password']]) {
				await manager.setViewportSize({ width, height: 800 });
				await manager.goto(`/#/${hash}`);
				await manager.getByRole('heading', { level: 1 }).waitFor();
				await manager.waitForLoadState('networkidle');
				assert(await manager.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${hash} is wider than ${width}`);
				await accessible(manager);
				assert(!/[\u3041-\u3096]{4}/.test(await manager.getByRole('main').evaluate((m) => [...m.querySelectorAll('h1, h2, button, label, th')].map((e) => e.innerText).join(' '))), `${hash}: Japanese among the English labels`);
			}
		}
	});
	await check('the guides can be read by everybody (axe)', async () => {
		for (const name of ['ja', 'en']) {
			await manager.goto(`/help/${name}.html`);
			await accessible(manager);
		}
	});
	await check('no script failed and no rule of the content policy was broken', () => equal(everyone.flatMap((p) => p.faults), [], 'faults'));
}

try {
	await gate();
	await intake();
	await compare();
	const confirmed = await confirmation();
	const manager = await finding(confirmed);
	await proof(manager);
	await refusals();
	await forAll(manager, confirmed.id);
} catch (e) {
	console.log(String(e.stack).replace(/^/gm, '# '));
} finally {
	await browser?.close();
	box.stop();
	rmSync(feeder, { recursive: true, force: true });
}
finish(32);
