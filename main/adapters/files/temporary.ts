// Names of the files that a write puts beside its target for a moment, so that the watcher and the next start know them again.
import { hash, randomBytes } from 'node:crypto'

const TEMPORARY_NAME = /^\.slipstream-[0-9a-f]{12}(-[0-9a-f]{16})?\.(tmp|old)$/

/** A hidden name that nothing else has. */
export function temporaryName(): string {
  return `.slipstream-${randomBytes(6).toString('hex')}.tmp`
}

/**
 * The name under which the former file `name` stays for a moment after it was replaced. It says which file it was and what was in it,
 * so that after a crash it tells by itself whether somebody has written into it since. `contentHash`: SHA-256, hex.
 */
export function formerName(name: string, contentHash: string): string {
  return `.slipstream-${tagOf(name)}${randomBytes(2).toString('hex')}-${contentHash.slice(0, 16)}.old`
}

/** Whether `former` is a name of a former file `name`; then the hash of what was in it, as far as the name holds it. */
export function contentOfFormer(former: string, name: string): string | null {
  if (!isTemporaryName(former) || !former.startsWith(`.slipstream-${tagOf(name)}`)) return null
  return /-([0-9a-f]{16})\.old$/.exec(former)?.[1] ?? null
}

/** Whether this name (without folder) is one of ours, also when a crash left the file behind. */
export function isTemporaryName(name: string): boolean {
  return TEMPORARY_NAME.test(name)
}

function tagOf(name: string): string {
  return hash('sha256', name, 'hex').slice(0, 8)
}
