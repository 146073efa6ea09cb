/** Styles that a library brings: they become `main.css`. */
declare module '*.css';
