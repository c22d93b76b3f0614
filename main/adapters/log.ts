// The Log port: a bounded file in the data folder, for the person who looks for a fault; never file contents, never keys.
import { appendFile, mkdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../core/ports.ts'

export interface LogOptions {
  /** Takes keys and other secrets out of a text: nothing is written that has not gone through it. */
  readonly conceal: (text: string) => string
  /** Where errors go as well, one line each, when somebody asked for that; null: only into the file. */
  readonly echo: ((line: string) => void) | null
  /** Epoch ms. */
  readonly wall: () => number
  /** The file is rotated once it is larger; there is one older file beside it. Bytes. */
  readonly maxBytes?: number
}

/** A message is a line, not a document: what is longer was somebody's content. */
const MESSAGE_CHARACTERS = 500
const STACK_LINES = 8
/** More than these wait only when the disk hangs; so few, that they stay below the size of the file. */
const WAITING_ENTRIES = 200

/**
 * Writes `slipstream.log` (0600) in `folder`, and `slipstream.log.1` before it. Several processes may write to it. Never
 * throws and never waits: what cannot be written is dropped, and counted. `flush` resolves once everything so far is written.
 */
export function createLog(folder: string, options: LogOptions): Log & { flush(): Promise<void> } {
  const file = join(folder, 'slipstream.log')
  const maxBytes = options.maxBytes ?? 1024 * 1024
  let waiting: string[] = []
  let dropped = 0
  let writing: Promise<void> | null = null

  function write(level: string, text: string): void {
    if (waiting.length >= WAITING_ENTRIES) dropped += 1
    else waiting.push(`${new Date(options.wall()).toISOString()} ${process.pid} ${level} ${text}\n`)
    writing ??= drain()
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const entries = waiting
      const lost = dropped
      waiting = []
      dropped = 0
      try {
        await append(entries.join('') + (lost > 0 ? `... ${lost} entries lost\n` : ''))
      } catch {
        dropped += lost + entries.length
      }
    }
    writing = null
  }

  /** Opened anew each time, so that a rotation by another process never leaves this one writing to the old file. */
  async function append(text: string): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const size = await stat(file).then(
      (found) => found.size,
      () => 0,
    )
    if (size > 0 && size + text.length > maxBytes) await rename(file, `${file}.1`)
    await appendFile(file, text, { mode: 0o600 })
  }

  function oneLine(text: string): string {
    // Clipped first, with some room: concealing a megabyte to keep a line of it would take its time.
    return options
      .conceal(text.slice(0, 4 * MESSAGE_CHARACTERS))
      .replaceAll(/\s+/g, ' ')
      .slice(0, MESSAGE_CHARACTERS)
  }

  return {
    info: (message) => write('info', oneLine(message)),
    error(message, cause) {
      const line = oneLine(`${message}: ${describe(cause)}`)
      options.echo?.(line)
      write('error', [line, ...framesOf(cause).map(oneLine)].join('\n    '))
    },
    flush: () => writing ?? Promise.resolve(),
  }
}

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return typeof cause === 'string' ? cause : `(${typeof cause})`
  // What failed to parse is quoted in such a message, and it may be somebody's file.
  if (cause instanceof SyntaxError) return cause.name
  const deeper = cause.cause === undefined ? '' : ` (caused by ${describe(cause.cause)})`
  return `${cause.name}: ${cause.message}${deeper}`
}

/** Only the places: the head of a stack repeats the message. */
function framesOf(cause: unknown): readonly string[] {
  if (!(cause instanceof Error)) return []
  const lines = (cause.stack ?? '').split('\n').map((line) => line.trim())
  return lines.filter((line) => line.startsWith('at ')).slice(0, STACK_LINES)
}
