// The icon in the system's tray: its state at a glance, and a menu for what is wanted without the window.
import { join } from 'node:path'
import type { MenuItemConstructorOptions } from 'electron'
import type { DesktopPreferences } from '../../preload/contract.ts'
import type { Electron } from './electron.ts'
import { STILL, type Pulse } from './pulse.ts'

export type TrayState = 'idle' | 'streaming' | 'review' | 'paused' | 'offline'

export interface TrayProject {
  readonly name: string
  readonly pulse: Pulse
  readonly visible: boolean
  show(): void
  hide(): void
  pause(paused: boolean): void
}

export interface TrayOptions {
  /** Folder of the images. */
  readonly icons: string
  readonly platform: NodeJS.Platform
  readonly actions: {
    interrupt(): void
    openProject(): void
    configure(preferences: Partial<DesktopPreferences>): void
    quit(): void
  }
}

export interface TrayIcon {
  update(projects: readonly TrayProject[], preferences: DesktopPreferences): void
  close(): void
}

/** All projects in one: what moves comes first, then what hinders, then what waits. */
export function trayState(pulses: readonly Pulse[]): TrayState {
  if (pulses.some((pulse) => pulse.streaming > 0)) return 'streaming'
  if (pulses.some((pulse) => pulse.offline)) return 'offline'
  if (pulses.some((pulse) => pulse.pending > 0 || pulse.consent)) return 'review'
  if (pulses.length > 0 && pulses.every((pulse) => pulse.paused)) return 'paused'
  return 'idle'
}

/** One line for people. */
export function trayText(pulses: readonly Pulse[]): string {
  const sum = pulses.reduce(
    (all, one) => ({ ...all, streaming: all.streaming + one.streaming, pending: all.pending + one.pending }),
    STILL,
  )
  const parts = [
    ...(sum.streaming > 0 ? [`${sum.streaming} streaming`] : []),
    ...(sum.pending > 0 ? [`${sum.pending} to review`] : []),
    ...(pulses.some((pulse) => pulse.consent) ? ['waiting for your consent'] : []),
    ...(pulses.some((pulse) => pulse.offline) ? ['nobody answers'] : []),
    ...(pulses.length > 0 && pulses.every((pulse) => pulse.paused) ? ['paused'] : []),
  ]
  return `Slipstream: ${parts.length === 0 ? 'nothing to do' : parts.join(', ')}`
}

/** null where the desktop has no tray. */
export function setupTray({ Tray, Menu }: Pick<Electron, 'Tray' | 'Menu'>, options: TrayOptions): TrayIcon | null {
  const { actions, platform } = options
  const image = (state: TrayState): string =>
    // macOS paints a template image in the colour of its bar, so there only the shape may differ.
    join(options.icons, platform === 'darwin' ? `tray-${state}-Template.png` : `tray-${state}.png`)
  let shown: TrayState = 'idle'
  let projects: readonly TrayProject[] = []
  let drawn = ''
  let tray: InstanceType<typeof Tray>
  try {
    tray = new Tray(image(shown))
  } catch {
    return null
  }
  // On Linux a click opens the menu, where it does anything at all.
  tray.on('click', () => {
    for (const project of projects)
      if (project.visible) project.hide()
      else project.show()
  })

  function template(preferences: DesktopPreferences): MenuItemConstructorOptions[] {
    const items = projects.flatMap((project): MenuItemConstructorOptions[] => [
      {
        label: `${project.visible ? 'Hide' : 'Show'} ${project.name}`,
        click: () => (project.visible ? project.hide() : project.show()),
      },
      {
        label: `Pause ${project.name}`,
        type: 'checkbox',
        checked: project.pulse.paused,
        click: () => project.pause(!project.pulse.paused),
      },
    ])
    return [
      { label: trayText(projects.map(({ pulse }) => pulse)), enabled: false },
      { label: 'Stop the stream', enabled: shown === 'streaming', click: () => actions.interrupt() },
      { type: 'separator' },
      ...items,
      { label: 'Open a project\u2026', click: () => actions.openProject() },
      { type: 'separator' },
      {
        label: 'Always on top',
        type: 'checkbox',
        checked: preferences.alwaysOnTop,
        click: () => actions.configure({ alwaysOnTop: !preferences.alwaysOnTop }),
      },
      {
        label: 'Compact strip',
        type: 'checkbox',
        checked: preferences.compact,
        click: () => actions.configure({ compact: !preferences.compact }),
      },
      { label: 'Dock left', click: () => actions.configure({ side: 'left' }) },
      { label: 'Dock right', click: () => actions.configure({ side: 'right' }) },
      { type: 'separator' },
      { label: 'Quit Slipstream', click: () => actions.quit() },
    ]
  }

  return {
    update(next, preferences) {
      projects = next
      const pulses = next.map(({ pulse }) => pulse)
      const state = trayState(pulses)
      if (state !== shown) tray.setImage(image(state))
      shown = state
      // A menu that is built anew closes under the pointer: only when it reads differently.
      const text = JSON.stringify([next.map(({ name, pulse, visible }) => [name, pulse, visible]), preferences])
      if (text === drawn) return
      drawn = text
      tray.setToolTip(trayText(pulses))
      tray.setContextMenu(Menu.buildFromTemplate(template(preferences)))
    },
    close: () => tray.destroy(),
  }
}
