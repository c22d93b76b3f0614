// The contract on a session: which call does what. Every host serves these same handlers.
import type { Result, SettingsView } from '../../preload/contract.ts'
import type { Handlers } from '../../preload/wire.ts'
import type { Session } from '../core/session/session.ts'
import type { Models } from '../core/ports.ts'

export interface ApiOptions {
  readonly session: Session
  readonly models: Models
  /** The settings as they stand, and how they are changed; `configure` answers what stands then. */
  readonly settings: {
    current(): SettingsView
    configure(settings: SettingsView): Promise<Result<SettingsView>>
  }
}

export function createHandlers({ session, models, settings }: ApiOptions): Handlers {
  return {
    calls: {
      accept: (argument) => session.accept(argument),
      reject: (argument) => session.reject(argument),
      interrupt: (argument) => session.interrupt(argument),
      nudge: (argument) => session.nudge(argument),
      continue: (argument) => session.continue(argument),
      retry: (argument) => session.retry(argument),
      deeper: (argument) => session.deeper(argument),
      dismiss: (argument) => session.dismiss(argument),
      ask: (argument) => session.ask(argument),
      undo: () => session.undo(),
      decide: (argument) => session.decide(argument),
      status: () => session.status(),
      hand: (argument) => session.setHand(argument),
      painted: (argument) => session.painted(argument),
      settings: async () => ({ ok: true, value: settings.current() }),
      configure: (argument) => settings.configure(argument.settings),
      key: async (argument) => {
        models.key(argument.key)
        return { ok: true, value: null }
      },
      consent: async (argument) => {
        models.consent(argument.endpoint, argument.allow)
        return { ok: true, value: null }
      },
      pause: (argument) => session.pause(argument),
    },
    streams: { events: (_argument, signal) => session.events(signal) },
  }
}
