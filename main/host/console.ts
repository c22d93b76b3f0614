// Where a command runs and what it talks to: current folder, environment, standard input and output, as one value.
import { resolve } from 'node:path'

export interface Console {
  /** Absolute. */
  readonly cwd: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** All of standard input, in pieces as they come. */
  readonly input: AsyncIterable<Uint8Array | string>
  /** One line to standard output; resolves when more may follow. */
  out(line: string): Promise<void>
  /** One line to standard error. */
  error(line: string): void
}

/** The process's own console. */
export function processConsole(): Console {
  return {
    cwd: resolve('.'),
    environment: process.env,
    input: process.stdin,
    out(line) {
      return new Promise((done) => {
        // A reader that went away (`slipstream status | head -1`) is no failure of ours; the callback comes all the same.
        process.stdout.write(`${line}\n`, () => done())
      })
    },
    error(line) {
      process.stderr.write(`${line}\n`)
    },
  }
}

/** File names and messages are data: what could steer a terminal is shown as `?`. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '?')
}

/** One line about why nothing was done. */
export function refuse(console: Console, message: string): void {
  console.error(`slipstream: ${printable(message)}`)
}
