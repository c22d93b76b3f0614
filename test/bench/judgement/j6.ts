// J6: what the card says was sent, against the bytes that a model server received, over whole conversations in three protocols.
import { setTimeout as sleep } from 'node:timers/promises'
import { startModelServer, type ModelServer } from '../../fakes/model-server/server.ts'
import { PLANTED_FILES } from '../../fixtures/secret-files.ts'
import { openProject, type ProjectEngine } from '../../host/project-engine.ts'
import { compareShown } from '../../host/shown.ts'
import type { Judgement } from './judgement.ts'

const WAYS = [
  { name: 'Chat Completions', provider: 'compatible', upgrade: 'accept' },
  { name: 'Responses over HTTP', provider: 'openai', upgrade: 404 },
  { name: 'Responses over WebSockets', provider: 'openai', upgrade: 'accept' },
] as const

const PATIENCE_MS = 10_000

async function until(what: string, met: () => Promise<boolean> | boolean, signal: AbortSignal): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; !(await met()); await sleep(10)) {
    signal.throwIfAborted()
    if (performance.now() > end) throw new Error(`${what} did not come`)
  }
}

/** A line for each file: the same edit in one more file would ask nothing. */
function noteOf(index: number): string {
  return `${'abcdefghijklmnopqrstuvwxyz'.charAt(index).repeat(3 + (index % 4))} = ${index * 7919}`
}

/** Every file is saved, words go into the card, and every third one is handed to the deep model. */
async function converse(project: ProjectEngine, server: ModelServer, signal: AbortSignal): Promise<void> {
  for (const [index, { path, text }] of PLANTED_FILES.entries()) {
    const before = server.requests.length
    // More than twenty files within a second would be taken for a branch switch.
    await sleep(60)
    await project.write(path, text.replace('\n', `\n${noteOf(index)}\n`))
    await until(`the request about ${path}`, () => server.requests.length > before, signal)
    const idOf = async (): Promise<string | undefined> =>
      (await project.status()).suggestions.find(
        (one) => one.path === path && one.lane === 'fast' && one.state === 'ready',
      )?.id
    await until(`a reply about ${path}`, async () => (await idOf()) !== undefined, signal)
    const suggestion = (await idOf()) ?? ''
    await project.call('nudge', { suggestion, text: `shorter, é🙂 ${index}` })
    await until(`the nudge about ${path}`, () => server.requests.length > before + 1, signal)
    await until(`a reply about ${path}`, async () => (await idOf()) !== undefined, signal)
    if (index % 3 !== 0) continue
    await project.call('deeper', { suggestion })
    await until(`the deep request about ${path}`, () => server.requests.length > before + 2, signal)
    await until(`a deep reply about ${path}`, async () => (await project.status()).streaming === 0, signal)
  }
}

export const j6: Judgement = {
  id: 'J6',
  what: '"what did it see" against the bytes sent',
  async run(signal) {
    const checks = []
    const notes: string[] = []
    for (const { name, provider, upgrade } of WAYS) {
      const reply = ({ text }: { readonly text: string }): string => {
        const at = text.lastIndexOf('path="', text.lastIndexOf('<region')) + 'path="'.length
        const path = text.slice(at, text.indexOf('"', at))
        const note = noteOf(PLANTED_FILES.findIndex((file) => file.path === path))
        return `Look.\n*** Begin Patch\n*** Update File: ${path}\n@@\n-${note}\n+${note} ${text.length}\n*** End Patch\n`
      }
      const server = await startModelServer({ upgrade, script: [{ reply }] })
      const files = Object.fromEntries(PLANTED_FILES.map(({ path, text }) => [path, text]))
      const project = await openProject({ files, provider, baseUrl: server.url, model: 'gpt-5.3-codex-spark' })
      try {
        await project.engine.warm()
        await converse(project, server, signal)
        const { shown, differences } = await compareShown(project, server)
        const value = `${shown.length - differences.length} of ${shown.length} requests`
        checks.push({ what: `equal, ${name}`, value, met: differences.length === 0 && shown.length >= 50 })
        notes.push(...differences.slice(0, 5))
      } finally {
        await project.close()
        await server.close()
      }
    }
    return { checks, notes }
  },
}
