import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { compressAssets } from './compressed.vite';
import { preloadWords } from './locales.vite';
import { compileMessages } from './messages.vite';
import { buildWorker } from './worker.vite';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const server = process.env['CHAT_SERVER'] ?? 'http://127.0.0.1:8080';

// `--mode fake` swaps the SDK for the in-memory one of tests/dev, to look at the page without a server. It never reaches `dist`.
export default defineConfig(({ command, mode }) => ({
  base: '/',
  plugins: [compileMessages(), preloadWords(), vue(), tailwindcss(), buildWorker(), compressAssets()],
  resolve: {
    alias: {
      '@chat/sdk/offline': path('../../ts-sdk/src/offline/index.ts'),
      '@chat/sdk/tabs': path('../../ts-sdk/src/tabs/index.ts'),
      '@chat/sdk/worker': path('../../ts-sdk/src/push/worker.ts'),
      '@chat/sdk': mode === 'fake' ? path('./tests/dev/fakeSdk.ts') : path('../../ts-sdk/src/index.ts'),
    },
  },
  define: {
    __VUE_I18N_LEGACY_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
    __INTLIFY_DROP_MESSAGE_COMPILER__: String(command === 'build'),
    __VUE_OPTIONS_API__: 'false',
  },
  server: {
    proxy: {
      '/api': { target: server },
      '/ws': { target: server, ws: true },
    },
  },
  build: {
    outDir: mode === 'fake' ? join(tmpdir(), `chat-web-fake-${process.pid}`) : 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // A data: URL would need font-src/style-src exceptions; every asset stays a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
}));
