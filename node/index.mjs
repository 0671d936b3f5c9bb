// One instance for both kinds of modules: what this exports is what `require` gets.
export * from './dist/index.js';
