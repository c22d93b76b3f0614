// A project of 50,000 files, and a bare watcher of it in a process of its own: one `fs.watch` a folder, and nothing kept.
import { openEngineStage, makeFolder, type EngineStage } from './engine.ts'
import { startHelper, type Helper } from './helper.ts'
import { A_FOLDER, writeMany } from './disturbances.ts'
import { writeFiles } from './project.ts'
import type { Bench } from './row.ts'
import type { LargeFloorQuestions } from './large-floor-process.ts'
import { PLACE, TALKING_FILES, writeTalkingFiles } from './talking.ts'

const MANY = 50_000
export const LARGE_FILES = MANY + TALKING_FILES

/** Its root. */
export async function makeLargeProject(bench: Bench): Promise<string> {
  const root = await makeFolder(bench)
  writeTalkingFiles(root)
  writeMany(root, 'many', MANY, 'large')
  return root
}

/** Different names in a file, and lines that declare one: as many as real projects have on average. */
const NAMES = 200
const DECLARED = 20

/** As `makeLargeProject`, of files with as many names as real ones: about 2.5 kB each. */
export async function makeNamedProject(bench: Bench): Promise<string> {
  const root = await makeFolder(bench)
  writeTalkingFiles(root)
  const textOf = (file: number): string =>
    Array.from({ length: DECLARED }, (_, line) => {
      const names = Array.from(
        { length: NAMES / DECLARED - 1 },
        (_each, at) => `name${(file * 7 + line * 9 + at) % MANY}`,
      )
      return `export const value${file}_${line} = [${names.join(', ')}]\n`
    }).join('')
  writeFiles(
    root,
    Object.fromEntries(
      Array.from({ length: MANY }, (_, file) => [
        `many/part${Math.floor(file / A_FOLDER)}/file${file}.ts`,
        textOf(file),
      ]),
    ),
  )
  return root
}

/** Open and warm; nothing is watched yet. */
export function openLarge(bench: Bench, root: string): Promise<EngineStage> {
  return openEngineStage(bench, 'websocket', root, PLACE)
}

export async function closeLarge(stage: EngineStage): Promise<void> {
  await stage.close()
  await stage.server.close()
}

export function startLargeFloor(bench: Bench): Helper<LargeFloorQuestions> {
  return bench.own(
    startHelper<LargeFloorQuestions, never>(new URL('./large-floor-process.ts', import.meta.url), [], () => {}),
  )
}
