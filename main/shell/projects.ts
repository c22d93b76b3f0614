// The projects that are open in this process: each with its engine, its window and its control socket.
import { basename } from 'node:path'
import type { Result } from '../../preload/contract.ts'
import type { Handlers } from '../../preload/wire/server.ts'
import { startControl, type Control } from '../host/control.ts'
import type { Engine } from '../host/engine.ts'
import type { RunOptions } from '../host/options.ts'
import { followPulse, STILL, type Pulse } from './pulse.ts'
import type { SideWindow } from './window.ts'

export interface Project {
  readonly root: string
  readonly name: string
  /** As its window and its commands are served. */
  readonly handlers: Handlers
  readonly window: SideWindow
  readonly pulse: () => Pulse
  /** The machine woke up. */
  woke(): void
}

export interface ProjectsOptions {
  openEngine(root: string, options: RunOptions): Promise<Result<Engine>>
  /** What the desktop answers by itself, put over the engine's own. */
  readonly desktopCalls: Partial<Handlers['calls']>
  openWindow(project: {
    readonly name: string
    readonly handlers: Handlers
    readonly onBug: (cause: unknown) => void
    /** The window was shown, hidden or focused. */
    onSight(focused: boolean): void
  }): SideWindow
  /** Where control sockets lie, or why there are none. */
  readonly runtimeFolder: Result<string>
  /** Anything about any project has changed. */
  onChange(project: Project): void
  say(line: string): void
}

export interface Projects {
  /** Opens the project, or shows the window of the one that is open already. Failures: those of `createEngine`. */
  open(root: string, options: RunOptions): Promise<Result<Project>>
  list(): readonly Project[]
  /** The one worked with last, or null when none is open. */
  active(): Project | null
  /** Whom an interrupt from anywhere means: the active one if it streams, else one that does. */
  streaming(): Project | null
  /** Stops all work, writes what is to be written, and lets go of everything. */
  close(): Promise<void>
}

interface Open {
  readonly project: Project
  close(): Promise<void>
}

export function createProjects(options: ProjectsOptions): Projects {
  const open = new Map<string, Promise<Result<Open>>>()
  /** Last worked with last. */
  let order: Project[] = []
  let closed = false

  function touch(project: Project): void {
    order = [...order.filter((one) => one !== project), project]
  }

  async function start(root: string, words: RunOptions): Promise<Result<Open>> {
    const made = await options.openEngine(root, words)
    if (!made.ok) return made
    const engine = made.value
    const { onBug } = engine
    const handlers: Handlers = {
      calls: { ...engine.handlers.calls, ...options.desktopCalls },
      streams: engine.handlers.streams,
    }
    const name = basename(root) || root
    const ended = new AbortController()
    let pulse = STILL
    let control: Control | null = null
    const window = options.openWindow({
      name,
      handlers,
      onBug,
      onSight(focused) {
        if (focused) {
          touch(project)
          control?.touch()
        }
        options.onChange(project)
      },
    })
    const project: Project = { root, name, handlers, window, pulse: () => pulse, woke: () => engine.woke() }
    touch(project)
    window.show(false)
    options.onChange(project)
    const following = followPulse(
      handlers,
      (next) => {
        pulse = next
        options.onChange(project)
      },
      ended.signal,
    ).catch(onBug)

    async function begin(): Promise<void> {
      await engine.start()
      const { runtimeFolder } = options
      const started = runtimeFolder.ok
        ? await startControl({ runtimeFolder: runtimeFolder.value, root, handlers: () => handlers, onBug })
        : runtimeFolder
      if (started.ok) control = started.value
      else options.say(started.failure.message)
      await engine.warm()
    }

    const beginning = begin().catch(onBug)
    return {
      ok: true,
      value: {
        project,
        async close() {
          window.close()
          ended.abort()
          await beginning
          await following
          await control?.close()
          await engine.close()
        },
      },
    }
  }

  return {
    async open(root, words) {
      if (closed) return { ok: false, failure: { code: 'closed', message: 'Slipstream is ending.' } }
      const known = open.get(root)
      const opening = known ?? start(root, words)
      open.set(root, opening)
      const opened = await opening
      if (!opened.ok) {
        open.delete(root)
        return opened
      }
      const { project } = opened.value
      if (known !== undefined) {
        touch(project)
        project.window.show(true)
      }
      return { ok: true, value: project }
    },
    list: () => [...order],
    active: () => order.at(-1) ?? null,
    streaming() {
      const active = order.at(-1)
      if (active !== undefined && active.pulse().streaming > 0) return active
      return order.findLast((project) => project.pulse().streaming > 0) ?? active ?? null
    },
    async close() {
      closed = true
      const all = await Promise.all(open.values())
      const closings = await Promise.allSettled(all.map((opened) => (opened.ok ? opened.value.close() : null)))
      const failed = closings.find((closing) => closing.status === 'rejected')
      if (failed !== undefined) throw failed.reason
    },
  }
}
