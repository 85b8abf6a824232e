// SPDX-License-Identifier: GPL-3.0-or-later
// Every sentence of the pages comes from one of two tables with the same keys. Japanese is the first.
import ja from '../i18n/ja.js';
import en from '../i18n/en.js';

const tables = { ja, en };
let current = localStorage.getItem('fumikura.language') === 'en' ? 'en' : 'ja';

export const language = () => current;

export function setLanguage(code) {
	current = code === 'en' ? 'en' : 'ja';
	localStorage.setItem('fumikura.language', current);
	document.documentElement.lang = current;
}
document.documentElement.lang = current;

export function t(key, values = {}) {
	const text = tables[current][key];
	if (text === undefined)
		throw new Error(`no text for ${key}`);
	return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? '');
}

// A text that may be missing (state words of a newer box): falls back to the word itself.
export const word = (prefix, key) => tables[current][`${prefix}.${key}`] ?? key ?? '';

// Of an object that carries both languages, as store's lists and errors do.
export const both = (o, stem = '') => o?.[stem ? `${stem}_${current}` : current] ?? o?.[stem ? `${stem}_ja` : 'ja'] ?? '';

// timeStyle 'medium' shows seconds, as an audit trail must.
export function time(text, timeStyle = 'short') {
	const d = text ? new Date(text) : null;
	return d && !Number.isNaN(d.getTime()) ? new Intl.DateTimeFormat(current === 'ja' ? 'ja-JP' : 'en-GB', { dateStyle: 'medium', timeStyle }).format(d) : '—';
}

// 2026-11-05 as 令和8年11月5日 beside it, for people who think in eras.
export function date(iso) {
	const m = /^(\d{4})-(\d\d)-(\d\d)$/.exec(iso ?? '');
	if (!m)
		return iso ?? '';
	const d = new Date(Number(m[1]), Number(m[2]) - 1, Number(m[3]));
	if (current === 'en')
		return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' }).format(d);
	return `${new Intl.DateTimeFormat('ja-JP-u-ca-japanese', { era: 'long', year: 'numeric', month: 'long', day: 'numeric' }).format(d)}（${m[1]}）`;
}

export function age(seconds) {
	if (seconds < 3600)
		return t('age.minutes', { n: Math.max(1, Math.round(seconds / 60)) });
	if (seconds < 86400)
		return t('age.hours', { n: Math.round(seconds / 3600) });
	return t('age.days', { n: Math.round(seconds / 86400) });
}

export function bytes(n) {
	const units = ['B', 'KB', 'MB', 'GB', 'TB'];
	let i = 0;
	for (; n >= 1000 && i < 4; i++)
		n /= 1000;
	return `${n.toLocaleString(current, { maximumFractionDigits: n < 10 && i > 0 ? 1 : 0 })} ${units[i]}`;
}
