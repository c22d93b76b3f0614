// A console for tests: keeps what is printed, and gives the input it was made with.
import type { Console } from '../../main/host/console.ts'

export interface FakeConsole extends Console {
  readonly lines: string[]
  readonly errors: string[]
}

export function createConsole(
  some: Partial<Pick<Console, 'cwd' | 'environment'>> & { readonly input?: readonly (string | Uint8Array)[] },
): FakeConsole {
  const lines: string[] = []
  const errors: string[] = []
  return {
    cwd: some.cwd ?? '/',
    environment: some.environment ?? {},
    input: (async function* () {
      yield* some.input ?? []
    })(),
    lines,
    errors,
    async out(line) {
      lines.push(line)
    },
    error(line) {
      errors.push(line)
    },
  }
}
