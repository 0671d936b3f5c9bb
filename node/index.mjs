// ESM and CommonJS share one instance: this exports what `require` returns.
export * from './dist/index.js';
