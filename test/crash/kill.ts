// `kill -9` at random instants of accept, undo, redo and of the start after a crash: files wholly old or wholly new, the queue agrees.
import { fork } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isTemporaryName } from '../../main/adapters/files/temporary.ts'
import { createProject, hunksOf, KINDS, openProject, sideOf, until, type Project } from './project.ts'
import type { Outcome } from './outcome.ts'

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url))
/** Stripping types of all modules takes most of a child's start. */
const COMPILED = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'slipstream-crash-compiled') }
/** Of the instants at which a child is killed after it has begun to decide. */
const LONGEST_MS = 300
/** Every so many rounds the child is killed while it starts. */
const STARTS = 8
const LONGEST_START_MS = 400

/** So many projects at a time, each with its own processes: most of a round is waiting. */
const LANES = 4

export async function killAtRandom(rounds: number, random: () => number): Promise<Outcome> {
  const failures: string[] = []
  const counts = { before: 0, after: 0, amidst: 0 }
  let next = 0
  const take = (): number | null => (next < rounds ? next++ : null)
  await Promise.all(Array.from({ length: LANES }, () => killInOne(take, random, failures, counts)))
  return {
    what: 'kill -9',
    runs: rounds,
    failures,
    notes: `${counts.before} found old, ${counts.after} new; ${counts.amidst} were hit amidst a write`,
  }
}

/** Rounds in one project, as long as there are any to take. */
async function killInOne(
  take: () => number | null,
  random: () => number,
  failures: string[],
  counts: { before: number; after: number; amidst: number },
): Promise<void> {
  const project = await createProject()
  try {
    for (let round = take(); round !== null; round = take()) {
      const early = round % STARTS === STARTS - 1
      const ms = Math.floor(random() * (early ? LONGEST_START_MS : LONGEST_MS))
      const complaint = await runAndKill(project, early, ms)
      if (namesLeft(project).length > 0) counts.amidst += 1
      const { side, problems } = await inspect(project)
      if (side === 'before' || side === 'after') counts[side] += 1
      for (const problem of complaint === null ? problems : [complaint, ...problems]) {
        failures.push(`round ${round}, killed ${ms} ms after its ${early ? 'birth' : 'begin'}: ${problem}`)
      }
    }
    failures.push(...(await leftovers(project)))
  } finally {
    project.remove()
  }
}

/** Answers what the child complained about before it died. */
async function runAndKill({ root, data }: Project, early: boolean, ms: number): Promise<string | null> {
  const child = fork(CHILD, [root, data], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: COMPILED })
  let complaint: string | null = null
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
  })
  const begun = new Promise<void>((resolve) => {
    child.on('message', (message) => {
      if (message !== 'ready') complaint = String(message)
      resolve()
    })
  })
  if (!early) await Promise.race([begun, ended])
  await pause(ms)
  child.kill('SIGKILL')
  await ended
  return complaint
}

async function inspect(project: Project): Promise<{ readonly side: string; readonly problems: readonly string[] }> {
  const open = await openProject(project)
  const side = sideOf(project)
  const problems = [...open.errors]
  if (side !== 'before' && side !== 'after') problems.push(side)
  const states = (await hunksOf(open)).map(({ state }) => state)
  const expected = side === 'before' ? 'pending' : 'accepted'
  if (states.length !== KINDS.length || states.some((state) => state !== expected)) {
    problems.push(`the files are ${side}, the queue says ${states.join(', ')}`)
  }
  await open.close()
  return { side, problems }
}

/** What is left beside the files after a last start that waits for nobody. */
async function leftovers(project: Project): Promise<readonly string[]> {
  const open = await openProject(project, 0)
  // As long as they become fewer: on a machine that is busy with other things, hundreds take a while.
  for (let left = Infinity; namesLeft(project).length < left;) {
    left = namesLeft(project).length
    await until(async () => namesLeft(project).length < left || left === 0).catch(() => undefined)
  }
  const names = namesLeft(project)
  await open.close()
  return names.map((name) => `${name} was left behind`)
}

function namesLeft({ root }: Project): readonly string[] {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' })
  return paths.filter((path) => isTemporaryName(path.split('/').at(-1) ?? ''))
}
