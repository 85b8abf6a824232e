// SPDX-License-Identifier: GPL-3.0-or-later
// Both languages say everything: same keys, same places to fill in, and every key that the pages use is there.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { assert, check, equal, finish, root } from './lib.mjs';

const pages = join(root, 'web/pages');
// The tables are modules for browsers; node takes them as text of such a module.
const table = async (name) => (await import(`data:text/javascript,${encodeURIComponent(readFileSync(join(pages, 'i18n', `${name}.js`), 'utf8'))}`)).default;
const files = readdirSync(join(pages, 'js')).concat(readdirSync(join(pages, 'js/views')).map((f) => `views/${f}`));
const scripts = [...new Set(files.filter((f) => String(f).endsWith('.js')))].map((f) => readFileSync(join(pages, 'js', f), 'utf8')).join('\n');
const ja = await table('ja'), en = await table('en');
const holes = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

await check('Japanese and English have the same keys', () => {
	equal(Object.keys(ja).filter((k) => !(k in en)), [], 'only in ja');
	equal(Object.keys(en).filter((k) => !(k in ja)), [], 'only in en');
	assert(Object.keys(ja).length > 200, 'the table is too short to be true');
});
await check('every sentence has the same places to fill in', () => {
	equal(Object.keys(ja).filter((k) => JSON.stringify(holes(ja[k])) !== JSON.stringify(holes(en[k] ?? ''))), [], 'differing');
});
await check('every key that the pages name is there', () => {
	const used = [...scripts.matchAll(/\bt\('([a-z0-9_.]+)'/g)].map((m) => m[1]);
	assert(used.length > 150, 'too few uses found');
	equal([...new Set(used)].filter((k) => !(k in ja)), [], 'missing');
});
await check('no sentence of a page stands outside the tables', () => {
	const japanese = scripts.split('\n').filter((line) => /[\u3040-\u30ff\u4e00-\u9fff]/.test(line.replace(/\/\/.*$/, '')) && !/文蔵|（\$\{m\[1\]\}）/.test(line));
	equal(japanese, [], 'lines with Japanese');
});
await check('nothing of a page comes from elsewhere or stands inline', () => {
	for (const name of ['index.html', 'help/ja.html', 'help/en.html']) {
		const text = readFileSync(join(pages, name), 'utf8');
		assert(!/<style|style=|onclick=|<script>|(src|href)="(https?:)?\/\//i.test(text), name);
	}
	assert(!/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/.test(scripts), 'a script parses text as HTML or code');
});
finish(5);
