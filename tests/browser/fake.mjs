// SPDX-License-Identifier: GPL-3.0-or-later
// A played box for looking at the pages while designing them: node fake.mjs [port]. It serves web/pages and canned answers in the shapes of store/store_bus.h. No
// suite uses it: those run against a real box.
import { createServer } from 'node:http';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const pagesDir = join(here, '../../web/pages'), samples = join(here, '../samples/pages');
const kinds = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
const images = (await readdir(samples)).filter((f) => f.endsWith('.jpg')).sort();
const truth = await Promise.all(images.map(async (f) => JSON.parse(await readFile(join(samples, f.replace('.jpg', '.json'))))));

const roles = {
	clerk: ['own', 'status', 'lists', 'scan', 'edit', 'submit', 'search', 'view'],
	checker: ['own', 'status', 'lists', 'scan', 'edit', 'submit', 'search', 'view', 'confirm', 'export', 'verify', 'users_list', 'reset'],
	manager: ['own', 'status', 'lists', 'search', 'view', 'export', 'log', 'verify', 'checkpoint', 'doctor', 'users_list', 'reset'],
	inspector: ['own', 'status', 'search', 'view', 'export', 'log', 'verify', 'checkpoint', 'doctor'],
	admin: ['own', 'status', 'lists', 'users_list', 'users', 'reset', 'checkpoint', 'doctor', 'rebuild'],
};
const names = { clerk: '佐藤 花子', checker: '田中 一郎', manager: '鈴木 恵子', inspector: '監査 太郎', admin: '山本 健' };
const types = [['service_record', 'サービス提供記録', 'Service record'], ['home_care_plan', '訪問介護計画書', 'Home care plan'], ['consent', '同意書', 'Consent form'], ['assessment', 'アセスメントシート', 'Assessment sheet']].map(([id, ja, en]) => ({ id, ja, en }));
let role = null, started = 0, change = 1, confirmed = false, excluded = new Set(), turned = new Map();
const hash = 'a3f1c2'.repeat(11).slice(0, 64);

const fields = { type: 'service_record', client_name: '髙橋 花子', client_id: '0000123456', date: '2026-11-05' };
function batch(id) {
	const n = id === 'B000002' ? Math.min(6, Math.floor((Date.now() - started) / 900)) : 5;
	const pages = Array.from({ length: n }, (_, i) => ({ id: `P0000000${i + 1}`, seq: i + 1, n: i + 1, document: id === 'B000002' && n < 6 ? '' : i < 3 ? 'D000001' : 'D000002', excluded: excluded.has(i + 1), rotation: turned.get(i + 1) ?? 0,
		state: n - i > 2 || n === 6 || id !== 'B000002' ? 'read' : 'stored', width: 2480, height: 3508, dpi: 300, thumb: n - i > 2 || n === 6 || id !== 'B000002' ? 'x' : '', findings: i === 2 ? [{ code: 'low_confidence', ja: '字が薄い所があります', en: 'Faint print' }] : [] }));
	const proposals = [{ key: 'type', value: 'service_record', n: 1 }, { key: 'client_name', label: '利用者氏名', value: '髙橋 花子 様', normal: '髙橋 花子', confidence: 91, n: 1 }, { key: 'client_id', value: '0000123456', n: 1 }, { key: 'date', value: '2026-11-05', n: 1 }];
	return { id, state: confirmed ? 'submitted' : 'open', change: change + n, opened: '2026-11-22T10:03:00.000Z', by: 'clerk', source: 'scan', device: 'virtual:0', profile: 'color300', pages,
		documents: id === 'B000002' && n < 6 ? [] : [{ id: 'D000001', state: 'draft', pages: 3, fields: {}, proposals }, { id: 'D000002', state: 'draft', pages: 2, fields, proposals: [] }],
		refused: [], run: id === 'B000002' && n < 6 ? { state: 'running', code: '' } : { state: 'ended', code: id === 'B000003' ? 'feeder_jammed' : 'feeder_empty', message_ja: '紙が詰まりました。カバーを開けて紙を取り除き、5枚目から続けてください。', message_en: 'Paper jam. Open the cover, remove the paper and go on from sheet 5.' } };
}

const line = (n) => truth[n].lines.find((l) => l.text.includes('髙橋')) ?? truth[n].lines[0];
const hits = () => [1, 0, 2, 4].map((n, i) => ({ document: `D00000${i + 1}`, page: i + 1 > 2 ? 1 : i + 1, page_id: 'P1', reading: 'shown', snippet: '利用者氏名 髙橋 花子 様 被保険者番号 0000123456 提供日 令和8年11月5日', highlight: [[6, 2]], marks: [[line(n).x, line(n).y, 120, line(n).h]], width: 2480, height: 3508, fields: { ...fields, title: i === 2 ? 'アセスメント（初回）' : undefined }, state: i === 3 ? 'submitted' : 'confirmed' }));
const record = (id) => ({ id, state: id === 'D000009' && !confirmed ? 'submitted' : 'confirmed', type: 'service_record', batch: 'B000001', version: 1, fields, people: { scanned_by: 'clerk', indexed_by: 'clerk', submitted_by: 'clerk', confirmed_by: 'checker' }, names,
	signature: id === 'D000009' && !confirmed ? null : { signer: 'checker', at: '2026-11-22T10:21:00.000Z', serial: '51ab33', manifest_sha256: hash, same_person: false, waivers: ['G6-03'] },
	timestamp: id === 'D000009' && !confirmed ? null : id === 'D000009' ? { state: 'pending', since: '2026-11-22T10:21:00.000Z' } : { state: 'stamped', at: '2026-11-22T10:21:05.000Z', tsa: 'Fumikura test TSA', serial: '01', accredited: false },
	pages: [1, 2, 3].map((n) => ({ n, page: `P${n}`, sha256: hash, raw_sha256: hash, size: 11333444, width: 2480, height: 3508, dpi: 300, stored: '2026-11-22T10:04:00.000Z', params: { vendor: 'Noname', model: 'ADF-1', mode: 'Color', depth: 8 }, findings: [], text: '訪問介護サービス提供記録\n利用者氏名 髙橋 花子 様\n被保険者番号 0000123456\n提供日 令和8年11月5日（木）' })),
	versions: [], history: [['doc.confirm', '田中 一郎 が確定しました。'], ['batch.submit', '佐藤 花子 が提出しました。'], ['doc.set', '佐藤 花子 が項目を入れました。'], ['batch.open', '佐藤 花子 が読み取りを始めました。']].map(([type, ja], i) => ({ index: 40 - i, at: '2026-11-22T10:2' + (4 - i) + ':00.000Z', type, actor: 'clerk', summary_ja: ja, summary_en: type })) });
const log = () => Array.from({ length: 40 }, (_, i) => ({ index: 140 - i, at: new Date(Date.UTC(2026, 10, 22, 10, 40 - i)).toISOString(), type: ['search', 'view', 'doc.confirm', 'session.open', 'denied'][i % 5], actor: ['checker', 'clerk', 'manager'][i % 3], terminal: '192.168.1.2' + (i % 4), document: i % 5 === 1 || i % 5 === 2 ? 'D000001' : '', summary_ja: ['検索しました（4件を表示）。', '書類 D000001 の 1 ページを見ました。', '書類 D000001 を確定しました。', 'サインインしました。', '許されていない操作を断りました（log）。'][i % 5], summary_en: 'Entry' }));

const error = (status, code, ja, en) => ({ status, body: { error: { code, message_ja: ja, message_en: en ?? ja } } });
const me = () => ({ user: role, display: names[role], role, must_change: false, expires: '', language: 'ja', permissions: roles[role] });
const routes = [
	['POST /session', (_, b) => { if (b.password !== 'demo') return error(401, 'wrong_password', '利用者名またはパスワードが違います。もう一度確かめて入力してください。'); role = roles[b.user] ? b.user : 'clerk'; return { user: role, role, must_change: false }; }],
	['GET /session', () => role ? me() : error(401, 'not_signed_in', 'サインインしてください。')],
	['DELETE /session', () => { role = null; return {}; }],
	['PUT /session/password', () => ({})],
	['GET /devices', () => ({ devices: [{ name: 'virtual:0', vendor: 'RICOH', model: 'fi-8170', type: 'scanner', sources: ['ADF'] }] })],
	['GET /profiles', () => ({ profiles: [{ id: 'color300', ja: 'カラー 300dpi（標準）', en: 'Colour 300 dpi (standard)' }, { id: 'grey300', ja: 'グレー 300dpi', en: 'Grey 300 dpi' }] })],
	['GET /types', () => ({ types })],
	['POST /scans', () => { started = Date.now(); return { batch: 'B000002' }; }],
	['GET /batches', () => ({ batches: [{ id: 'B000002', state: 'open', pages: 6, documents: [1, 2], opened: '2026-11-22T10:03:00.000Z', by: 'clerk' }, { id: 'B000001', state: 'submitted', pages: 5, documents: [1, 2], opened: '2026-11-21T04:03:00.000Z', by: 'clerk' }] })],
	['GET /batches/*', ([id]) => batch(id)],
	['POST /batches/*/pages/*/exclude', ([, p], b) => { b.on === 'exclude' ? excluded.add(Number(p)) : excluded.delete(Number(p)); change += 100; return {}; }],
	['POST /batches/*/pages/*/rotate', ([, p], b) => { turned.set(Number(p), b.degrees); change += 100; return {}; }],
	['POST /batches/*/submit', () => { confirmed = true; change += 100; return {}; }],
	['PUT /documents/*/fields', ([id], b) => ({ id, fields: b.fields })],
	['GET /queue', (_, b, q) => ({ documents: q.get('state') === 'untimed' ? [{ id: 'D000003', state: 'confirmed', stamped: false, fields: { client_name: '渡邉 ミヨ', title: '重要事項説明書' }, pages: 4, by: 'clerk', age_s: 5400 }] : [{ id: 'D000009', state: 'submitted', fields, pages: 3, by: 'clerk', age_s: 200000 }, { id: 'D000010', state: 'submitted', fields: { type: 'consent', client_name: '山﨑 茂' }, pages: 1, by: 'clerk', age_s: 900 }] })],
	['POST /confirmations', () => { confirmed = true; return { confirmed: [], refused: [] }; }],
	['POST /search', (_, b) => b.query.includes('無い') ? { total: 0, total_exact: true, hits: [] } : { total: 4, total_exact: true, hits: hits() }],
	['GET /documents/*', ([id]) => record(id)],
	['GET /documents/*/pages/*/lines', ([, n]) => ({ lines: truth[n % truth.length].lines.map((l, i) => ({ text: l.text, box: [l.x, l.y, l.w, l.h], ...(i === 2 ? { corrected: { raw: '読み違えた行\n', by: 'clerk', at: '2026-11-22T10:05:00.000Z' } } : {}) })) })],
	['PUT /documents/*/pages/*/correction', ([id]) => ({ id })],
	['POST /documents/*/redacted/preview', ([id]) => ({ document: id, pages: [1, 2, 3].map((n) => ({ n, width: 2480, height: 3508, boxes: n < 3 ? [[400, 500 * n, 900, 80]] : [] })) })],
	['POST /time/override', (_, b) => ({ until: b.hours ? '2026-11-22T14:00:00.000Z' : '' })],
	['GET /log', () => ({ entries: log(), size: 141 })],
	['POST /verify', () => ({ ok: true, checked: { documents: 12, pages: 40, signatures: 10, timestamps: 9, objects: 160, events: 141 }, faults: [] })],
	['GET /checkpoint', () => ({ origin: 'fumikura/demo', size: 141, root: hash, note: 'fumikura/demo\n141\n8p3r…=\n\n— fumikura/demo …' })],
	['GET /status', () => ({ name: '文蔵デモ', version: '0.1.0', documents: 1234, pages: 5678, queue: { recognition: 3, recognition_s: 95, further: 40, further_s: 410, confirmation: 2 }, pending_timestamps: { count: 1, oldest: '2026-11-22T09:00:00.000Z' }, disk: { free: 812e9, low: false }, log: { size: 141 }, rooms: ['fumikurad', 'store', 'web', 'scanner', 'courier', 'ocr/1', 'ocr/2'].map((name, i) => ({ name, pid: 100 + i, restarts: i === 3 ? 1 : 0, rss_kb: 20000 + i * 9000, ready: true })), waivers: [{ row: 'G6-03', since: '2026-11-22T00:00:00.000Z', ja: '二要素認証を使わない運用です（猶予。導入するまで表示されます）。', en: 'Second factors are waived for the time being.' }] })],
	['GET /users', () => ({ users: Object.keys(roles).map((user, i) => ({ user, display: names[user], role: user, state: i === 3 ? 'disabled' : 'active', locked_until: i === 0 ? '2026-11-22T12:00:00Z' : '', last_login: '2026-11-22T08:00:00.000Z' })) })],
	['POST /users', () => ({ user: 'x' })],
];

function find(method, path) {
	for (const [key, answer] of routes) {
		const m = new RegExp(`^${key.replaceAll('*', '([^/]+)')}$`).exec(`${method} ${path}`);
		if (m)
			return [answer, m.slice(1)];
	}
	return [];
}

createServer(async (request, response) => {
	const url = new URL(request.url, 'http://x');
	const file = url.pathname.match(/\/(?:batches|documents)\/[^/]+\/pages\/(\d+)\/(thumb|preview|master|alto)$/);
	if (file) {
		response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Cache-Control': 'no-store' });
		response.end(await readFile(join(samples, images[Number(file[1]) % images.length])));
	} else if (url.pathname.startsWith('/api/v1')) {
		let body = '';
		for await (const chunk of request)
			body += chunk;
		const [answer, params] = find(request.method, url.pathname.slice(7));
		if (url.searchParams.get('seen') > 0)
			await new Promise((r) => setTimeout(r, 400));
		const a = answer ? answer(params, body ? JSON.parse(body) : {}, url.searchParams) : error(404, 'no_such_route', 'ありません');
		response.writeHead(a.status && a.body ? a.status : 200, { 'Content-Type': 'application/json' });
		response.end(JSON.stringify(a.status && a.body ? a.body : a));
	} else {
		const path = url.pathname === '/' ? '/index.html' : url.pathname;
		try {
			const data = await readFile(join(pagesDir, path));
			response.writeHead(200, { 'Content-Type': kinds[extname(path)], 'Content-Security-Policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'" });
			response.end(data);
		} catch {
			response.writeHead(404).end();
		}
	}
}).listen(Number(process.argv[2] ?? 8800), '127.0.0.1');
