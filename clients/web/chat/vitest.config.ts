import { fileURLToPath, URL } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [vue()],
  resolve: {
    alias: {
      '@chat/sdk/offline': fileURLToPath(new URL('../../ts-sdk/src/offline/index.ts', import.meta.url)),
      '@chat/sdk/tabs': fileURLToPath(new URL('../../ts-sdk/src/tabs/index.ts', import.meta.url)),
      '@chat/sdk/worker': fileURLToPath(new URL('../../ts-sdk/src/push/worker.ts', import.meta.url)),
      '@chat/sdk': fileURLToPath(new URL('../../ts-sdk/src/index.ts', import.meta.url)),
    },
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node', pool: 'threads', setupFiles: ['tests/english.ts'] },
});
