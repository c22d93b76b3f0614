// Tells through the system's notifications when something begins to wait for the person while the window is out of sight.
import type { Electron } from './electron.ts'
import { STILL, type Pulse } from './pulse.ts'

export interface Notifications {
  /** A project stands as told now; `seen`: its window is in front of the person. */
  take(
    project: { readonly root: string; readonly name: string; readonly seen: boolean; show(): void },
    pulse: Pulse,
  ): void
}

/** One notification at most for what began to wait since the window was seen last. */
export function setupNotifications(
  { Notification }: Pick<Electron, 'Notification'>,
  enabled: () => boolean,
): Notifications {
  const known = new Map<string, Pulse>()
  /** Projects that were told of already. */
  const told = new Set<string>()
  return {
    take({ root, name, seen, show }, pulse) {
      const before = known.get(root) ?? STILL
      known.set(root, pulse)
      if (seen) {
        told.delete(root)
        return
      }
      const consent = pulse.consent && !before.consent
      // While it streams, more is to come: once it is done there is something to look at.
      const review =
        pulse.pending > 0 && pulse.streaming === 0 && (pulse.pending > before.pending || before.streaming > 0)
      if (!(consent || review) || told.has(root) || !enabled() || !Notification.isSupported()) return
      told.add(root)
      const notification = new Notification({
        title: `Slipstream \u00b7 ${name}`,
        body: consent ? 'A request waits for your consent.' : `${pulse.pending} to review.`,
        silent: true,
      })
      notification.on('click', show)
      notification.show()
    },
  }
}
