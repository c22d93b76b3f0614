// The window's start: makes the terminals and the controller, and shows the window.
import '@xterm/xterm/css/xterm.css'
import './styles/variables.css'
import './styles/window.css'
import './styles/card.css'
import './styles/diff.css'
import './styles/seen.css'
import './styles/strip.css'
import './styles/conventions.css'
import './styles/desktop.css'
import './styles/when.css'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { copyText } from './clipboard.ts'
import { createController } from './controller.ts'
import { WindowContext } from './hooks.ts'
import { openLink, portOpener } from './link.ts'
import { createScreens } from './terminal.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no root')
const park = document.createElement('div')
park.className = 'terminal-park'
document.body.append(park)

const openPort = portOpener(window)
const controller = createController(
  {
    now: () => performance.now(),
    after(ms, run) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    pointerOn() {
      const button = document.querySelector('[data-testid="suggestion"] button:hover')
      return button?.closest<HTMLElement>('[data-testid="suggestion"]')?.dataset['id'] ?? null
    },
    windowFocused: () => document.hasFocus(),
    reshaping: () => document.querySelector('[data-in-hand="true"] > [data-reshaping]') !== null,
    inSight() {
      const row = document.querySelector('[data-in-hand="true"] > .hunk-row')?.getBoundingClientRect()
      const room = document.querySelector('main')?.getBoundingClientRect()
      if (row === undefined || room === undefined || row.height === 0) return false
      const middle = (row.top + row.bottom) / 2
      return middle >= room.top && middle <= room.bottom
    },
    copy: (text) => copyText(document, text),
  },
  (events) => openLink(openPort, events),
)
const screens = createScreens(park)
createRoot(root).render(
  <WindowContext value={{ controller, screens }}>
    <App />
  </WindowContext>,
)
