// One project's side window: made safe, placed at its edge, shown without taking the focus, reloaded when its page dies.
import type { DesktopPreferences } from '../../preload/contract.ts'
import type { ContentsPort, Electron } from './electron.ts'
import { DEFAULT_WIDTH, dock, MIN_HEIGHT, MIN_WIDTH, placeWindow, STRIP_HEIGHT } from './placement.ts'
import type { Place, Preferences } from './preferences.ts'
import { PAGE } from './security.ts'

export interface SideWindow {
  /** On the display under the cursor; without `focus` the editor keeps it. */
  show(focus: boolean): void
  hide(): void
  /** Whether the person could see it: neither hidden nor minimised. */
  seen(): boolean
  place(): Place
  /** Takes over what has changed in the preferences. */
  apply(before: DesktopPreferences, after: DesktopPreferences): void
  /** Back into the work area after the displays have changed. */
  settle(): void
  close(): void
}

export interface SideWindowOptions {
  readonly title: string
  /** The preload script. */
  readonly preload: string
  readonly icon: string
  readonly preferences: Preferences
  /** false where a program can neither know nor set where its windows are. */
  readonly placeable: boolean
  /** Where the other side windows stand. */
  taken(): readonly Place[]
  /** Connects the page with its project. */
  attach(contents: ContentsPort): void
  /** The window was shown, hidden or focused. */
  onSight(focused: boolean): void
  /** The person closed the window; it is only hidden. */
  onClose(): void
  /** Monotonic ms. */
  now(): number
  say(line: string): void
}

/** A page that dies more often than this within a minute is not loaded again by itself. */
const MAX_RELOADS = 3
const RELOADS_MS = 60_000
/** ms without a further move before a place is kept. */
const KEEP_MS = 400
const DEFAULT_HEIGHT = 900

export function openSideWindow(
  { BrowserWindow, screen }: Pick<Electron, 'BrowserWindow' | 'screen'>,
  options: SideWindowOptions,
): SideWindow {
  const { preferences, placeable } = options
  let { alwaysOnTop, compact } = preferences.current().preferences
  /** Where it was put from here: only another place is the person's own. */
  let placed = wanted()
  let moved: NodeJS.Timeout | undefined
  let closing = false
  const reloads: number[] = []

  const window = new BrowserWindow({
    width: placed.width,
    height: placed.height,
    ...(placeable ? { x: placed.x, y: placed.y } : {}),
    minWidth: MIN_WIDTH,
    minHeight: MIN_HEIGHT,
    title: options.title,
    icon: options.icon,
    alwaysOnTop,
    show: false,
    fullscreenable: false,
    maximizable: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      // The stream goes on while the window is covered: its acknowledgements must not wait for slowed timers.
      backgroundThrottling: false,
    },
  })
  const contents = window.webContents

  function underCursor(): { readonly id: number; readonly workArea: Place } {
    return screen.getDisplayNearestPoint(screen.getCursorScreenPoint())
  }

  /** The place for it on the display under the cursor. */
  function wanted(): Place {
    const { id, workArea } = underCursor()
    const kept = preferences.current()
    const remembered = kept.places[String(id)] ?? null
    if (placeable) return placeWindow({ workArea, side: kept.preferences.side, remembered, taken: options.taken() })
    const { width, height } = remembered ?? { width: DEFAULT_WIDTH, height: Math.min(DEFAULT_HEIGHT, workArea.height) }
    return { x: 0, y: 0, width, height }
  }

  function put(place: Place): void {
    placed = place
    if (compact) return
    if (placeable) window.setBounds(place)
    else window.setContentSize(place.width, place.height)
  }

  function shrink(): void {
    if (compact) {
      window.setMinimumSize(MIN_WIDTH, 1)
      window.setContentSize(window.getBounds().width, STRIP_HEIGHT)
    } else {
      window.setMinimumSize(MIN_WIDTH, MIN_HEIGHT)
      put(placed)
    }
  }

  function keepPlace(): void {
    clearTimeout(moved)
    moved = setTimeout(() => {
      if (compact || window.isDestroyed() || window.isMinimized()) return
      const bounds = window.getBounds()
      if (isSame(bounds, placed)) return
      placed = bounds
      const { id } = placeable ? screen.getDisplayMatching(bounds) : underCursor()
      preferences.keep({ places: { ...preferences.current().places, [String(id)]: bounds } })
    }, KEEP_MS)
  }

  function isSeen(): boolean {
    return !window.isDestroyed() && window.isVisible() && !window.isMinimized()
  }

  window.on('move', keepPlace)
  window.on('resize', keepPlace)
  window.on('focus', () => options.onSight(true))
  for (const event of ['show', 'hide', 'minimize', 'restore'] as const) window.on(event, () => options.onSight(false))
  window.on('close', (event) => {
    if (closing) return
    // It goes on in the tray; Quit is what ends it.
    event.preventDefault()
    window.hide()
    options.onClose()
  })
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || closing || window.isDestroyed()) return
    const at = options.now()
    while (reloads[0] !== undefined && at - reloads[0] > RELOADS_MS) reloads.shift()
    if (reloads.length >= MAX_RELOADS) {
      options.say(`the window's page keeps dying (${reason}): close the window and show it again`)
      return
    }
    reloads.push(at)
    // The engine holds all state: the new page gets it with its first batch.
    contents.reload()
  })
  options.attach(contents)
  if (compact) shrink()
  window.loadURL(PAGE).catch((error: unknown) => {
    if (!closing) options.say(`the window did not load: ${error instanceof Error ? error.message : String(error)}`)
  })

  return {
    show(focus) {
      if (window.isMinimized()) window.restore()
      // Shown anew it comes to where the person is; one that stands there already stays.
      if (!window.isVisible()) {
        const { id } = underCursor()
        if (!placeable || screen.getDisplayMatching(window.getBounds()).id !== id) put(wanted())
      }
      if (focus) window.show()
      else window.showInactive()
    },
    hide: () => window.hide(),
    seen: isSeen,
    place: () => placed,
    apply(before, after) {
      if (after.alwaysOnTop !== alwaysOnTop) {
        alwaysOnTop = after.alwaysOnTop
        window.setAlwaysOnTop(alwaysOnTop)
      }
      if (after.side !== before.side && placeable) {
        const { workArea } = screen.getDisplayMatching(window.getBounds())
        put(dock(workArea, after.side, placed.width))
      }
      if (after.compact !== compact) {
        compact = after.compact
        shrink()
      }
    },
    settle() {
      if (!placeable) return
      const { workArea } = screen.getDisplayMatching(window.getBounds())
      const { side } = preferences.current().preferences
      put(placeWindow({ workArea, side, remembered: placed, taken: [] }))
    },
    close() {
      closing = true
      clearTimeout(moved)
      if (!window.isDestroyed()) window.destroy()
    },
  }
}

function isSame(one: Place, other: Place): boolean {
  return one.x === other.x && one.y === other.y && one.width === other.width && one.height === other.height
}
