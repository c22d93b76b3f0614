// A small project whose engine is asked in words for replies that are long enough to be stopped.
import { ASKED } from './asked.ts'
import { openEngineStage, makeFolder, type EngineStage, type Transport } from './engine.ts'
import { sourceFile, UNEDITED, writeFiles } from './project.ts'
import type { Bench } from './row.ts'

/** Tokens per second of what is stopped, and enough of them that its end is far. */
export const TALK = { reply: `Well${' and so on'.repeat(4000)}`, ttft: 10, rate: 500 } as const
export const PLACE = 'src/anchor.ts:10'
const LINES = 400
const FILES = ['src/anchor.ts', 'src/barrel.ts', 'src/copper.ts'] as const

/** How many files `writeTalkingFiles` writes. */
export const TALKING_FILES = FILES.length

export function writeTalkingFiles(root: string): void {
  writeFiles(root, Object.fromEntries(FILES.map((path) => [path, sourceFile(LINES, UNEDITED)])))
}

/** It watches, and every request is answered by a long reply. */
export async function openTalking(bench: Bench, transport: Transport): Promise<EngineStage> {
  const root = await makeFolder(bench)
  writeTalkingFiles(root)
  const stage = await openEngineStage(bench, transport, root, PLACE)
  await stage.server.answer({ ...TALK, when: ASKED })
  await stage.engine.ask('start', null)
  await stage.watching(FILES.length)
  return stage
}

/** ms: random, so that samples fall on no one place between two tokens; and long enough that the next connection is warm. */
const LEAST_WAIT_MS = 80
const RANDOM_WAIT_MS = 40

export const quick = {
  wait: (): number => LEAST_WAIT_MS + Math.random() * RANDOM_WAIT_MS,
  /** One interrupt through the handler: ms until the server saw the close. */
  async interrupted(stage: EngineStage): Promise<number> {
    const running = await stage.stream(quick.wait())
    const took = await stage.interrupt(running)
    await stage.dismiss(running.suggestion)
    return took
  },
}
