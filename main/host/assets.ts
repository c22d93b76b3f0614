// The built window as files over HTTP: which request path is which file, its type, and the headers that fence it in.
import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'

/**
 * xterm and diff2html need inline styles; scripts come from this origin alone. `connect-src 'self'` covers the WebSocket.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Sent with every response. Nothing is cached: the port belongs to somebody else tomorrow. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), payment=()',
  'cache-control': 'no-store',
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
}

/** Names that a build makes: no dot in front, nothing encoded, no backslash, so no way out of the folder. */
const SAFE_PATH = /^(?:\/[\w-][\w.-]*)+$/

/** The file for a request's path, or null. `folder` is a real path. */
export async function findAsset(folder: string, path: string): Promise<string | null> {
  const wanted = path === '/' ? '/index.html' : path
  if (!SAFE_PATH.test(wanted) || !Object.hasOwn(TYPES, extname(wanted))) return null
  try {
    const file = await realpath(join(folder, wanted))
    return file.startsWith(folder + sep) && (await stat(file)).isFile() ? file : null
  } catch {
    return null
  }
}

/** Its media type, by the ending of its name. */
export function typeOf(file: string): string {
  return TYPES[extname(file)] ?? 'application/octet-stream'
}

/** A plain answer without content of ours: what the status says. */
export function sendStatus(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8' })
  response.end(text === '' ? undefined : `${text}\n`)
}

/** Answers a GET or HEAD for a file of `folder`; `path` is the request's path without the query. */
export async function sendAsset(
  request: IncomingMessage,
  response: ServerResponse,
  folder: string,
  path: string,
): Promise<void> {
  const icon = path === '/favicon.ico'
  const file = (await findAsset(folder, path)) ?? (icon ? await findAsset(folder, '/favicon.svg') : null)
  if (file === null) {
    // Browsers ask for an icon unasked and log a missing one as an error.
    if (icon) sendStatus(response, 204, '')
    else sendStatus(response, 404, 'Not found.')
    return
  }
  const { size } = await stat(file)
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'content-type': typeOf(file),
    'content-length': String(size),
  })
  if (request.method === 'HEAD') response.end()
  else await pipeline(createReadStream(file), response)
}
