// Writes the gallery in reports/ anew: a report of each lesson, and the page that leads to them.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { courseEntry } from '../dist/src/report/gallery/course.js';
import {
  galleryPage,
  lessonFiles,
  lessonReport,
  playLesson,
  presentFiles,
} from '../dist/src/report/gallery/gallery.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const entries = [];
const written = new Set();
let bytes = 0;
let changed = 0;

function write({ path, text }) {
  const file = join(root, 'reports', path);
  written.add(path);
  bytes += Buffer.byteLength(text);
  if (read(file) === text) return;
  changed++;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

for (const file of lessonFiles(root)) {
  const lesson = playLesson(root, file);
  lessonReport(lesson).forEach(write);
  entries.push(courseEntry(lesson));
}
write(galleryPage(root, entries));
const stale = presentFiles(root).filter((path) => !written.has(path));
for (const path of stale) rmSync(join(root, 'reports', path));
console.log(
  `reports: ${entries.length} lessons, ${written.size} files, ${(bytes / 1e6).toFixed(1)} MB; ${changed} changed, ${stale.length} removed`,
);
