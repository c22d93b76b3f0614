// The application's menu: editing, zoom and window commands under the system's own keys.
import type { Electron } from './electron.ts'

export function setupMenu({ Menu }: Pick<Electron, 'Menu'>, platform: NodeJS.Platform): void {
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      // Without these macOS has no copy and paste in fields.
      ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : [{ role: 'fileMenu' } as const]),
      { role: 'editMenu' },
      {
        label: 'View',
        submenu: [
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          { type: 'separator' },
          { role: 'reload' },
        ],
      },
      { role: 'windowMenu' },
    ]),
  )
}
