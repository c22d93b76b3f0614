// The address requests go to: read from settings, made whole, and known for what it is.
import type { Result } from '../../../preload/contract.ts'

export interface Endpoint {
  /** Base address without a trailing slash, query or credentials: "https://api.openai.com/v1". */
  readonly url: string
  /** For people: "api.openai.com", "127.0.0.1:11434". */
  readonly host: string
  /** True when nothing leaves this machine. */
  readonly loopback: boolean
  readonly operator: 'openai' | 'azure' | 'other'
  /** Query parameters of the address (`api-version` on Azure), to be sent with every request. */
  readonly query: Readonly<Record<string, string>>
}

export const OPENAI_URL = 'https://api.openai.com/v1'

/**
 * Reads a base address. One without a path gets the usual one: `/v1`, on Azure `/openai/v1`.
 * Failure: `address` when it is not an http(s) address, or holds a user name or password.
 */
export function parseEndpoint(text: string): Result<Endpoint> {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return addressFailure(`"${text.slice(0, 100)}" is not an http address: give one such as http://127.0.0.1:11434/v1.`)
  }
  if (url.username !== '' || url.password !== '') {
    return addressFailure('The base address holds a user name or password: give the key by OPENAI_API_KEY instead.')
  }
  const operator = operatorOf(url.hostname)
  let path = url.pathname
  while (path.endsWith('/')) path = path.slice(0, -1)
  if (path === '' || (operator === 'azure' && path === '/openai')) path = operator === 'azure' ? '/openai/v1' : '/v1'
  return {
    ok: true,
    value: {
      url: `${url.origin}${path}`,
      host: url.host,
      loopback: isLoopback(url.hostname),
      operator,
      query: Object.fromEntries(url.searchParams),
    },
  }
}

function addressFailure(message: string): Result<Endpoint> {
  return { ok: false, failure: { code: 'address', message } }
}

/** 127.0.0.0/8, ::1, localhost and its subdomains (RFC 6761): what is sent there stays on this machine. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  )
}

function operatorOf(hostname: string): Endpoint['operator'] {
  if (hostname === 'openai.com' || hostname.endsWith('.openai.com')) return 'openai'
  if (hostname.endsWith('.azure.com')) return 'azure'
  return 'other'
}
