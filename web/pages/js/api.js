// SPDX-License-Identifier: GPL-3.0-or-later
// The only door to the box. Refusals become ApiError with the sentence in the reader's language.
import { both, t } from './i18n.js';

const root = '/api/v1';
let onSignedOut = () => {};
let lastUse = Date.now();

export const whenSignedOut = (f) => { onSignedOut = f; };
export const idleMs = () => Date.now() - lastUse;
export const used = () => { lastUse = Date.now(); };

export class ApiError extends Error {
	constructor(status, code, message) {
		super(message);
		this.status = status;
		this.code = code;
	}
}

async function failure(response) {
	let error = {};
	try {
		error = (await response.json()).error ?? {};
	} catch { /* not JSON: the status says enough */ }
	return new ApiError(response.status, error.code ?? 'internal', both(error, 'message') || t('error.unknown', { status: response.status }));
}

async function send(method, path, { body, query, file, signal, quiet } = {}) {
	const address = root + path + (query ? `?${new URLSearchParams(query)}` : '');
	const headers = { 'X-Fumikura': '1' };
	let response;
	if (body)
		headers['Content-Type'] = 'application/json';
	try {
		response = await fetch(address, { method, headers, signal, cache: 'no-store', body: body ? JSON.stringify(body) : file });
	} catch (e) {
		if (e.name === 'AbortError')
			throw e;
		throw new ApiError(0, 'unreachable', t('error.unreachable'));
	}
	if (response.ok)
		return response;
	const error = await failure(response);
	if (response.status === 401 && !quiet)
		onSignedOut(error);
	throw error;
}

const json = async (...a) => (await send(...a)).json();
const id = encodeURIComponent;

export const api = {
	signIn: (user, password, code) => json('POST', '/session', { body: { user, password, code: code ?? '' }, quiet: true }),
	signOut: () => json('DELETE', '/session', { quiet: true }),
	whoami: () => json('GET', '/session', { quiet: true }),
	password: (old, fresh) => json('PUT', '/session/password', { body: { old, new: fresh }, quiet: true }),
	users: () => json('GET', '/users'),
	addUser: (u) => json('POST', '/users', { body: u }),
	disableUser: (user) => json('POST', `/users/${id(user)}/disable`),
	resetUser: (user, password) => json('POST', `/users/${id(user)}/reset`, { body: { password } }),
	status: () => json('GET', '/status'),
	timeOverride: (hours, reason) => json('POST', '/time/override', { body: { hours, reason } }),
	devices: () => json('GET', '/devices'),
	profiles: () => json('GET', '/profiles'),
	types: () => json('GET', '/types'),
	scan: (o) => json('POST', '/scans', { body: o }),
	importOpen: (type) => json('POST', '/imports', { body: { type } }),
	importFile: (batch, file) => json('POST', `/imports/${id(batch)}/files`, { query: { name: file.name }, file }),
	importClose: (batch) => json('POST', `/imports/${id(batch)}/close`),
	batches: (state, limit) => json('GET', '/batches', { query: { state, limit } }),
	batch: (batch, seen, signal) => json('GET', `/batches/${id(batch)}`, { query: { seen }, signal }),
	cancel: (batch) => json('POST', `/batches/${id(batch)}/cancel`),
	submit: (batch) => json('POST', `/batches/${id(batch)}/submit`),
	exclude: (batch, page, on, reason) => json('POST', `/batches/${id(batch)}/pages/${page}/exclude`, { body: { on: on ? 'exclude' : 'include', reason } }),
	rotate: (batch, page, degrees) => json('POST', `/batches/${id(batch)}/pages/${page}/rotate`, { body: { degrees } }),
	cut: (batch, page) => json('POST', `/batches/${id(batch)}/pages/${page}/cut`),
	setFields: (document, fields) => json('PUT', `/documents/${id(document)}/fields`, { body: { fields } }),
	confirm: (documents) => json('POST', '/confirmations', { body: { documents } }),
	queue: (state) => json('GET', '/queue', { query: { state } }),
	search: (query, limit, offset, signal) => json('POST', '/search', { body: { query, limit, offset }, signal }),
	lines: (document, n) => json('GET', pageFile(document, n, 'lines')),
	correct: (document, n, [x, y, w, d], text) => json('PUT', `/documents/${id(document)}/pages/${n}/correction`, { body: { x, y, w, h: d, text } }),
	redactPreview: (document, redact) => json('POST', `/documents/${id(document)}/redacted/preview`, { body: { redact } }),
	redacted: (document, redact) => send('POST', `/documents/${id(document)}/redacted`, { body: { redact } }),
	show: (document) => json('GET', `/documents/${id(document)}`),
	log: (query) => json('GET', '/log', { query }),
	verify: (document) => json('POST', '/verify', { body: { document } }),
	checkpoint: () => json('GET', '/checkpoint'),
	doctor: () => json('POST', '/doctor'),
	blob: async (path) => (await send('GET', path)).blob(),
};

export const batchImage = (batch, seq, kind) => `/batches/${id(batch)}/pages/${seq}/${kind}`;
export const pageFile = (document, n, kind) => `/documents/${id(document)}/pages/${n}/${kind}`;
export const documentFile = (document, kind) => `/documents/${id(document)}/${kind}`;

// Saves a file of the box under the name that the box gave it.
export const download = async (path) => saveBlob(await send('GET', path));

export async function saveBlob(response) {
	const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('Content-Disposition') ?? '');
	const address = URL.createObjectURL(await response.blob());
	const link = document.createElement('a');
	link.href = address;
	link.download = name ? decodeURIComponent(name[1]) : 'fumikura';
	link.click();
	setTimeout(() => URL.revokeObjectURL(address), 60000);
}
