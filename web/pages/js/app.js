// SPDX-License-Identifier: GPL-3.0-or-later
// Start, frame, navigation. A view is a function (context) → element; context.onleave(f) is called when it goes away.
import { api, ApiError, idleMs, used, whenSignedOut } from './api.js';
import { fill, h, icon, notice, toast } from './dom.js';
import { language, setLanguage, t, word } from './i18n.js';
import { signIn } from './views/signin.js';
import { password } from './views/password.js';
import { scan } from './views/scan.js';
import { batch } from './views/batch.js';
import { queue } from './views/queue.js';
import { confirm } from './views/confirm.js';
import { search } from './views/search.js';
import { record } from './views/record.js';
import { correct } from './views/correct.js';
import { redact } from './views/redact.js';
import { log } from './views/log.js';
import { status } from './views/status.js';
import { users } from './views/users.js';

const IDLE_MS = 10 * 60 * 1000; // the page locks itself before store ends the session
const WARN_MS = 60 * 1000; // before that it says so

// [address, permission, icon, text, view, shown in the navigation]
const routes = [
	['scan', 'scan', 'scan', 'nav.scan', scan, true],
	['batch', 'scan', 'scan', 'nav.scan', batch, false],
	['queue', 'confirm', 'seal', 'nav.queue', queue, true],
	['confirm', 'confirm', 'seal', 'nav.queue', confirm, false],
	['search', 'search', 'search', 'nav.search', search, true],
	['doc', 'view', 'search', 'nav.search', record, false],
	['correct', 'edit', 'search', 'nav.search', correct, false],
	['redact', 'export', 'search', 'nav.search', redact, false],
	['log', 'log', 'log', 'nav.log', log, true],
	['status', 'status', 'box', 'nav.status', status, true],
	['users', 'users_list', 'people', 'nav.users', users, true],
	['password', 'own', 'key', 'nav.password', password, false],
];

const root = document.getElementById('app');
let me = null;
let leave = [];
let returnTo = '';

const can = (name) => me?.permissions?.includes(name) ?? false;
const go = (hash) => { location.hash = hash; };

function closeView() {
	for (const f of leave)
		f();
	leave = [];
	for (const d of document.querySelectorAll('dialog'))
		d.remove();
}

function showGate(message) {
	closeView();
	document.title = t('title.signin');
	fill(root, signIn({ message, done: enter, again: () => showGate() }));
}

async function enter(session) {
	me = session;
	if (!me.permissions)
		me = await api.whoami();
	used();
	const hash = returnTo;
	returnTo = '';
	if (!me.must_change && hash && hash !== location.hash)
		location.hash = hash;
	else
		render();
}

async function signOut() {
	try {
		await api.signOut();
	} catch { /* the session was gone already */ }
	me = null;
	location.hash = '';
	showGate(notice('good', t('signed.out')));
}

const home = () => routes.find((r) => r[5] && can(r[1]))?.[0] ?? 'password';

function navigation(active) {
	return h('nav', { class: 'nav', 'aria-label': t('nav.label') }, h('ul', {}, routes.filter((r) => r[5] && can(r[1])).map(([path, , name, text]) =>
		h('li', {}, h('a', { href: `#/${path}`, 'aria-current': text === active ? 'page' : null }, icon(name), t(text))))));
}

function who() {
	return h('div', { class: 'who' },
		h('div', { class: 'person' }, h('strong', {}, me.display || me.user), h('span', { class: 'role' }, word('role', me.role))),
		h('div', { class: 'links' },
			h('a', { href: '#/password' }, icon('key'), t('nav.password')),
			h('a', { href: `/help/${language()}.html`, target: '_blank', rel: 'noopener' }, icon('help'), t('nav.help')),
			h('button', { type: 'button', onclick: switchLanguage, lang: language() === 'ja' ? 'en' : 'ja' }, icon('lang'), t('nav.language')),
			h('button', { type: 'button', onclick: signOut }, icon('out'), t('nav.out'))));
}

function brand() {
	return h('a', { class: 'brand', href: '#/', 'aria-label': t('brand.home') }, h('img', { src: '/img/mark.svg', alt: '', width: 42, height: 42 }), h('div', {}, h('b', {}, '文蔵'), h('span', {}, 'Fumikura')));
}

function switchLanguage() {
	setLanguage(language() === 'ja' ? 'en' : 'ja');
	me ? render() : showGate();
}

function render() {
	closeView();
	const [path, ...rest] = location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
	const wanted = me.must_change ? 'password' : path || home();
	const route = routes.find((r) => r[0] === wanted);
	const context = { me, can, go, args: rest, onleave: (f) => leave.push(f), refresh: render, passwordChanged: async () => { me = await api.whoami(); go('/'); render(); } };
	const main = h('main', { class: 'main', id: 'main', tabindex: -1 });

	fill(root, h('a', { class: 'skip', href: '#main', onclick: (e) => { e.preventDefault(); main.focus(); } }, t('skip')),
		h('div', { class: 'frame' }, h('header', { class: 'side' }, brand(), !me.must_change && navigation(route?.[3]), who()), main));
	if (!route)
		main.append(h('h1', {}, t('missing.title')), notice('bad', t('missing.text')));
	else if (!can(route[1]))
		main.append(h('h1', {}, t(route[3])), notice('bad', t('denied')));
	else
		main.append(route[4](context));
	document.title = `${main.querySelector('h1')?.textContent ?? ''} — ${t('title')}`;
	if (document.activeElement === document.body)
		main.focus({ preventScroll: true });
}

window.addEventListener('hashchange', () => me && render());
window.addEventListener('unhandledrejection', (e) => {
	if (e.reason instanceof ApiError && e.reason.status !== 401)
		toast('bad', e.reason.message);
});
for (const name of ['pointerdown', 'keydown'])
	window.addEventListener(name, used, { passive: true });

whenSignedOut((error) => {
	if (!me)
		return;
	returnTo = location.hash;
	me = null;
	showGate(notice('wait', error.message));
});

// Records must not stay open on an unattended screen.
let warning = null;
setInterval(async () => {
	const soon = me && idleMs() >= IDLE_MS - WARN_MS;
	if (soon)
		warning ??= toast('wait', t('idle.soon'), WARN_MS);
	else
		warning = warning?.remove() ?? null;
	if (!me || idleMs() < IDLE_MS)
		return;
	warning = warning?.remove() ?? null;
	returnTo = location.hash;
	me = null;
	showGate(notice('wait', t('idle.locked')));
	try {
		await api.signOut();
	} catch { /* gone already */ }
}, 5000);

try {
	await enter(await api.whoami());
} catch (e) {
	returnTo = location.hash;
	showGate(e.status === 401 ? null : notice('bad', e.message));
}
