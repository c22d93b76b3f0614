// Every way a model request can fail, as one line that a person can act on.
import type { Failure } from '../../../preload/contract.ts'
import type { Endpoint } from './endpoint.ts'
import type { Exchange } from './transport.ts'
import { field, parseJson, textField } from './json.ts'

/** A failure before it is final: what may be done about it without asking the person. */
export interface Trouble {
  readonly failure: Failure
  /** The same request may be sent again, as long as no text has come. */
  readonly retryable: boolean
  /** How long the server asked to wait, in ms; null when it did not say. */
  readonly waitMs: number | null
  /** The named model is not to be had here: another one may be. */
  readonly model: boolean
  /** What the server found wrong with the request itself; null when that was not the trouble. */
  readonly complaint: Complaint | null
}

/** A 400 or 422 about the request's own fields, as the server worded it: to learn from, not to be shown. */
export interface Complaint {
  readonly parameter: string | null
  readonly code: string | null
  readonly message: string
}

/** Whom the failure is about, and what must never be shown. */
export interface Party {
  readonly endpoint: Endpoint
  readonly key: string | null
  /** The model that was asked. */
  readonly model: string
  /** For people: "Responses API" or "Chat Completions". */
  readonly api: string
}

export function trouble(code: string, message: string, more: Partial<Omit<Trouble, 'failure'>> = {}): Trouble {
  return { failure: { code, message }, retryable: false, waitMs: null, model: false, complaint: null, ...more }
}

/** What an answer without success says of itself. */
export type Refusal = Pick<Exchange, 'status' | 'headers' | 'errorBody'>

/** An answer whose status is not 2xx. */
export function troubleOfStatus(exchange: Refusal, party: Party): Trouble {
  const status = exchange.status ?? 0
  const said = readBody(exchange.errorBody ?? '', party)
  const { host } = party.endpoint
  const reason = said.message === null ? '' : ` ${said.message}`
  if (status >= 300 && status < 400) return webPage(party)
  if (isAboutModel(status, said)) {
    return trouble(
      'model',
      `${party.model} is not offered at ${host} (${status}): name another with --model.${reason}`,
      {
        model: true,
      },
    )
  }
  switch (status) {
    case 400:
    case 422:
      return troubleOfRequest(status, said, party)
    case 401:
      return party.key === null
        ? trouble('key', `${host} wants a key (401): set OPENAI_API_KEY, or enter a key in the settings.`)
        : trouble('key', `${host} refused the key (401): check OPENAI_API_KEY, or enter another key in the settings.`)
    case 402:
      return noCredit(host, status)
    case 403:
      if (said.page) return webPage(party)
      return trouble('forbidden', `${host} does not allow this with this key or from this place (403).${reason}`)
    case 404:
      if (said.page) return webPage(party)
      return trouble(
        'address',
        `${host} has no ${party.api} at ${party.endpoint.url} (404): check the base URL.${reason}`,
      )
    case 405:
    case 501:
      return trouble(
        'address',
        `${party.endpoint.url} does not speak the ${party.api} (${status}): check base URL and provider.`,
      )
    case 408:
      return trouble('server', `${host} gave up waiting for the request (408): try again.`, { retryable: true })
    case 413:
      return tooLong(host, status)
    case 429:
      return troubleOfLimit(exchange, said, party)
    default:
      break
  }
  if (status >= 500) {
    return trouble('server', `${host} has a fault of its own (${status}): try again in a moment.${reason}`, {
      retryable: true,
      waitMs: waitOf(exchange),
    })
  }
  return trouble('request', `${host} did not take the request (${status}).${reason}`)
}

/** A connection that could not be made, or broke. `midReply`: text had come already. */
export function troubleOfConnection(error: unknown, party: Party, midReply: boolean): Trouble {
  const { host, loopback } = party.endpoint
  const code = connectionCode(error)
  if (code === 'ECONNREFUSED') {
    const remedy = loopback ? 'start the model server' : 'check the base URL'
    return trouble('unreachable', `Nothing answers at ${host}: ${remedy}, or choose another provider in the settings.`)
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NODATA') {
    return trouble('dns', `The name ${host} is not known (${code}): check the network and the base URL.`)
  }
  if (['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL'].includes(code)) {
    return trouble(
      'unreachable',
      `${host} cannot be reached (${code}): check the network, a VPN or proxy, and the base URL.`,
    )
  }
  if (code === 'ERR_PROXY_TUNNEL' || code === 'ERR_PROXY_INVALID_CONFIG') {
    return trouble('proxy', `The proxy does not let ${host} through (${code}): check HTTPS_PROXY and NO_PROXY.`)
  }
  if (isTlsCode(code)) {
    return trouble(
      'tls',
      `No secure connection to ${host} (${code}): check the base URL's https, the clock, and NODE_EXTRA_CA_CERTS for a company's own certificate.`,
    )
  }
  if (code.startsWith('HPE_')) {
    return trouble('address', `${host} does not answer in HTTP (${code}): check the base URL.`)
  }
  return midReply
    ? trouble('reset', `The connection to ${host} broke in mid-reply: what had come is kept; Retry asks again.`)
    : trouble('reset', `${host} closed the connection before it answered: try again.`, { retryable: true })
}

/** An error that came inside the stream, by its code and text as the server gave them. */
export function troubleOfStream(error: unknown, party: Party): Trouble {
  const said = readError(error, party)
  const { host } = party.endpoint
  const reason = said.message === null ? '' : ` ${said.message}`
  if (isAboutModel(404, said)) {
    return trouble('model', `${party.model} is not offered at ${host}: name another with --model.${reason}`, {
      model: true,
    })
  }
  if (said.code?.includes('rate_limit') === true) {
    return trouble('rate-limit', `${host} limits the rate of requests: try again in a moment.${reason}`, {
      retryable: true,
    })
  }
  if (said.code === 'insufficient_quota') return noCredit(host, 429)
  if (said.code?.includes('context_length') === true) return tooLong(host, 400)
  if (said.code?.includes('policy') === true || said.code === 'content_filter') return filtered(party)
  if (said.code === null || said.code === 'server_error' || said.type === 'server_error') {
    return trouble('server', `${host} broke off the reply by a fault of its own: try again in a moment.${reason}`, {
      retryable: true,
    })
  }
  return trouble('request', `${host} broke off the reply (${said.code}).${reason}`)
}

/**
 * An event of type `error`. One that refuses a whole request over a WebSocket has a status, and its words nested, as the answer
 * over HTTP would have had:
 *
 *     {"type": "error", "status": 400, "error": {"type": "invalid_request_error", "code": "...", "message": "...", "param": null}}
 *
 * One within a stream has them at its top, without a status.
 */
export function troubleOfErrorEvent(event: unknown, party: Party): Trouble {
  const error = field(event, 'error') ?? event
  if (errorCode(event) === CONNECTION_LIMIT) return lostConnection(party, false)
  const status = field(event, 'status')
  if (typeof status !== 'number' || status < 400) return troubleOfStream(error, party)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(field(error, 'headers') ?? {})) {
    if (typeof value === 'string') headers[name.toLowerCase()] = value
  }
  return troubleOfStatus({ status, headers, errorBody: JSON.stringify({ error }) }, party)
}

/** The code of an event of type `error`, wherever it stands; null when it has none. */
export function errorCode(event: unknown): string | null {
  return textField(field(event, 'error') ?? event, 'code')
}

/** The server ends a WebSocket after 60 minutes by an error event of this code. */
export const CONNECTION_LIMIT = 'websocket_connection_limit_reached'

/** The connection went away without a word. `midReply`: text had come already. */
export function lostConnection(party: Party, midReply: boolean): Trouble {
  return troubleOfConnection(null, party, midReply)
}

/** The answer was a page for people: a captive portal, a login, or a wrong address. */
export function webPage(party: Party): Trouble {
  return trouble(
    'address',
    `${party.endpoint.host} answered with a web page, not with a model's reply: log in to the network if it asks for that, or check the base URL (it mostly ends in /v1).`,
  )
}

export function malformed(party: Party): Trouble {
  return trouble(
    'malformed',
    `${party.endpoint.host} sent something that is not the ${party.api}: try again, or check base URL and provider.`,
  )
}

export function endedEarly(party: Party): Trouble {
  return trouble(
    'reset',
    `${party.endpoint.host} ended the reply before it was complete: what had come is kept; Retry asks again.`,
  )
}

export function filtered(party: Party): Trouble {
  return trouble(
    'filtered',
    `The content filter of ${party.endpoint.host} stopped the reply: word the request otherwise.`,
  )
}

export function declined(party: Party, words: string): Trouble {
  return trouble('declined', `${party.model} declined: ${clean(words, party.key) ?? 'it gave no reason.'}`)
}

export function idle(party: Party, ms: number): Trouble {
  const seconds = Math.round(ms / 1000)
  return trouble('idle', `Nothing came from ${party.endpoint.host} for ${seconds} s: Retry asks again.`)
}

interface Said {
  /** Fit to be shown. */
  readonly message: string | null
  /** As it came. */
  readonly raw: string
  readonly code: string | null
  readonly type: string | null
  readonly parameter: string | null
  /** It was HTML. */
  readonly page: boolean
}

/** OpenAI says {error: {message, code, param, type}}; others {error: "..."}, {message, ...} or {detail: ...}. */
function readBody(body: string, party: Party): Said {
  if (/^\s*</.test(body)) return { message: null, raw: '', code: null, type: null, parameter: null, page: true }
  const json = parseJson(body)
  if (json === undefined) {
    return { message: clean(body, party.key), raw: body, code: null, type: null, parameter: null, page: false }
  }
  return readError(field(json, 'error') ?? json, party)
}

function readError(error: unknown, party: Party): Said {
  const detail = field(error, 'detail')
  const text =
    typeof error === 'string'
      ? error
      : (textField(error, 'message') ?? (typeof detail === 'string' ? detail : detail ? JSON.stringify(detail) : null))
  return {
    message: text === null ? null : clean(text, party.key),
    raw: text ?? '',
    code: textField(error, 'code'),
    type: textField(error, 'type'),
    parameter: textField(error, 'param'),
    page: false,
  }
}

/**
 * Foreign text for one line on a card: without control characters, without the key or anything shaped like one, bounded.
 * null when nothing is left.
 */
function clean(text: string, key: string | null): string | null {
  let line = text.slice(0, 2_000)
  if (key !== null && key !== '') line = line.replaceAll(key, '…')
  line = line
    .replaceAll(/\b(?:sk|gsk|csk|key|pk)[-_][\w*.-]{6,}/g, '…')
    .replaceAll(/Bearer\s+\S+/gi, 'Bearer …')
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
  if (line === '') return null
  return line.length > 240 ? `${line.slice(0, 239)}…` : line
}

/** OpenAI answers 404 (or 403) `model_not_found`, Azure `DeploymentNotFound`, Groq 400 `model_decommissioned`, Ollama 404 in words. */
function isAboutModel(status: number, said: Said): boolean {
  const code = said.code ?? ''
  if (/model_not_found|model_decommissioned|model_not_available|DeploymentNotFound/i.test(code)) return true
  if (status !== 403 && status !== 404 && status !== 410) return false
  if (said.parameter === 'model') return true
  return (
    said.message !== null && /\b(model|deployment)\b/i.test(said.message) && !/scope|country|region/i.test(said.message)
  )
}

function troubleOfRequest(status: number, said: Said, party: Party): Trouble {
  const { host } = party.endpoint
  const message = said.raw
  if (said.code === 'context_length_exceeded' || /context (length|window|size)|too many tokens/i.test(message)) {
    return tooLong(host, status)
  }
  if (said.code === 'content_filter' || /content.?(filter|management policy)/i.test(message)) return filtered(party)
  const reason = ` ${said.message ?? 'It gave no reason: check base URL, provider and model.'}`
  return trouble('request', `${host} did not take the request (${status}).${reason}`, {
    complaint: message === '' ? null : { parameter: said.parameter, code: said.code, message },
  })
}

function troubleOfLimit(exchange: Refusal, said: Said, party: Party): Trouble {
  const { host } = party.endpoint
  if (said.code === 'insufficient_quota' || said.type === 'insufficient_quota') return noCredit(host, 429)
  const waitMs = waitOf(exchange)
  const when = waitMs === null ? 'in a moment' : `in ${Math.max(1, Math.ceil(waitMs / 1000))} s`
  return trouble('rate-limit', `${host} limits the rate of requests (429): try again ${when}.`, {
    retryable: true,
    waitMs,
  })
}

function noCredit(host: string, status: number): Trouble {
  return trouble('quota', `The account at ${host} has no credit left (${status}): check its plan and billing.`)
}

function tooLong(host: string, status: number): Trouble {
  return trouble(
    'too-long',
    `The request is longer than the model at ${host} takes (${status}): name a model with a larger context.`,
  )
}

/** `retry-after-ms`, or `Retry-After` in seconds or as a date (RFC 9110, 10.2.3). */
function waitOf(exchange: Refusal): number | null {
  const milliseconds = Number(exchange.headers['retry-after-ms'] ?? Number.NaN)
  if (milliseconds >= 0) return milliseconds
  const after = exchange.headers['retry-after']
  if (after === undefined) return null
  const seconds = Number(after)
  if (seconds >= 0) return seconds * 1000
  const until = Date.parse(after) - Date.parse(exchange.headers.date ?? '')
  return until >= 0 ? until : null
}

function connectionCode(error: unknown): string {
  for (let at: unknown = error, depth = 0; at !== undefined && at !== null && depth < 5; depth += 1) {
    const code = textField(at, 'code')
    if (code !== null) return code
    // Happy Eyeballs: one error per address that was tried.
    const errors = field(at, 'errors')
    at = Array.isArray(errors) && errors.length > 0 ? errors[0] : field(at, 'cause')
  }
  return ''
}

function isTlsCode(code: string): boolean {
  return (
    code === 'EPROTO' ||
    code.startsWith('ERR_TLS') ||
    code.startsWith('ERR_SSL') ||
    code.startsWith('CERT_') ||
    code.includes('_CERT') ||
    code.includes('SIGNATURE')
  )
}
