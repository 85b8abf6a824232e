// SPDX-License-Identifier: GPL-3.0-or-later
// What the browser suites share: a box of their own, a browser that accepts exactly that box's certificate, TAP. A check that throws is a failure; nothing here can pass
// silently, because the plan counts every check.
import { execFileSync } from 'node:child_process';
import { X509Certificate, createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const build = resolve(root, process.env.O ?? 'build');
const require = createRequire(join(build, 'npm-browser/'));
export const PATIENCE = 240000; // ms for recognition and the like on a busy machine; never a measure

const GIVE_UP = 4; // failures after which the rest would only wait for what cannot come

let count = 0, failed = 0;

// Runs one check. Its name is a sentence about the box; rows of the guideline stand in it.
export async function check(name, f) {
	count++;
	if (failed >= GIVE_UP) {
		console.log(`not ok ${count} - ${name} (not run: too much failed before)`);
		return undefined;
	}
	try {
		const value = await f();
		console.log(`ok ${count} - ${name}`);
		return value;
	} catch (e) {
		failed++;
		console.log(`not ok ${count} - ${name}`);
		console.log(String(e?.stack ?? e).replace(/^/gm, '# '));
		return undefined;
	}
}

export function assert(condition, message) {
	if (!condition)
		throw new Error(message);
}

export function equal(got, want, what) {
	assert(JSON.stringify(got) === JSON.stringify(want), `${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

export function finish(expected) {
	if (count !== expected) {
		console.log(`not ok ${count + 1} - all ${expected} checks ran (${count} did)`);
		failed++;
		count++;
	}
	console.log(`1..${count}`);
	process.exitCode = failed > 0 ? 1 : 0;
}

export const sha256 = (data) => createHash('sha256').update(data).digest('hex');

export function startBox(feeder) {
	const dir = mkdtempSync(join(tmpdir(), 'fumikura-browser-'));
	const box = JSON.parse(execFileSync(join(root, 'tests/box'), ['start', join(dir, 'box'), '--feeder', feeder], { env: { ...process.env, FUMIKURA_BUILD: build }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
	assert(box.url && box.ca && box.accounts?.length >= 5, 'tests/box printed no whole box');
	return {
		...box,
		password: (role) => box.accounts.find((a) => a.role === role),
		stop() {
			execFileSync(join(root, 'tests/box'), ['stop', join(dir, 'box')], { env: { ...process.env, FUMIKURA_BUILD: build }, stdio: 'ignore' });
			rmSync(dir, { recursive: true, force: true });
		},
	};
}

// The box's certificate, verified against the archive's own CA as a careful client would; returns the fingerprint that Chromium may accept.
export function certificate(box) {
	const { hostname, port } = new URL(box.url);
	return new Promise((done, fail) => {
		const socket = connect({ host: hostname, port: Number(port), ca: readFileSync(box.ca), checkServerIdentity: () => undefined }, () => {
			const leaf = new X509Certificate(socket.getPeerCertificate().raw);
			const result = { authorized: socket.authorized, protocol: socket.getProtocol(), spki: createHash('sha256').update(leaf.publicKey.export({ type: 'spki', format: 'der' })).digest('base64'), names: leaf.subjectAltName };
			socket.end();
			done(result);
		});
		socket.on('error', fail);
	});
}

export async function launch(spki) {
	const { chromium } = require('playwright-core');
	return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', `--ignore-certificate-errors-spki-list=${spki}`] });
}

// A fresh browser profile. What the page reports as an error (a broken script, a refused inline style) is collected in .faults.
export async function visit(browser, box, options = {}) {
	const context = await browser.newContext({ baseURL: box.url, locale: 'ja-JP', timezoneId: 'Asia/Tokyo', viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', acceptDownloads: true, ...options });
	const page = await context.newPage();
	page.faults = [];
	page.on('pageerror', (e) => page.faults.push(e.message));
	page.on('console', (m) => {
		if (m.type() === 'error' && !/Failed to load resource: the server responded/.test(m.text()))
			page.faults.push(m.text());
	});
	page.setDefaultTimeout(30000);
	await page.goto('/');
	return page;
}

export async function signIn(page, account) {
	await page.getByLabel('利用者名').fill(account.name);
	await page.getByLabel('パスワード').fill(account.password);
	await page.getByRole('button', { name: 'サインイン' }).click();
	await page.getByRole('navigation').first().waitFor();
}

// Asks the API as the page's person would, from inside the page.
export const api = (page, method, path, body) => page.evaluate(async ([m, p, b]) => {
	const r = await fetch(`/api/v1${p}`, { method: m, headers: { 'X-Fumikura': '1', ...(b ? { 'Content-Type': 'application/json' } : {}) }, body: b ? JSON.stringify(b) : undefined });
	return { status: r.status, body: (r.headers.get('Content-Type') ?? '').includes('json') ? await r.json() : null };
}, [method, path, body]);

const axeSource = () => readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

// Serious and critical findings of axe-core for the whole page.
export async function accessible(page) {
	await page.evaluate(axeSource());
	const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
	assert(result.passes.length > 5, 'axe looked at next to nothing');
	const bad = result.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
	assert(bad.length === 0, bad.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target).join(' ; ')}`).join('\n'));
}
