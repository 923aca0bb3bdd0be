import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type CourseEntry, courseEntry } from './course.ts';
import {
  type GalleryFile,
  galleryPage,
  lessonFiles,
  lessonReport,
  playLesson,
  presentFiles,
} from './gallery.ts';

/** The gallery in reports/ is what the lessons do today. `npm run reports` renews it. */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const files = lessonFiles(ROOT);
const made = new Map<string, { readonly files: readonly GalleryFile[]; readonly entry: CourseEntry }>();

/** What shows a lesson; each is played once, whatever asks for it. */
function show(file: string) {
  let shown = made.get(file);
  if (shown === undefined) {
    const lesson = playLesson(ROOT, file);
    shown = { files: lessonReport(lesson), entry: courseEntry(lesson) };
    made.set(file, shown);
  }
  return shown;
}

function present(path: string): string | null {
  const file = `${ROOT}reports/${path}`;
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

const STALE = 'stale: npm run reports renews it';

describe.each(files)('the report of %s', (file) => {
  test('is in the gallery as it would be written today', () => {
    for (const { path, text } of show(file).files) {
      expect(present(path) === text, `reports/${path} is ${STALE}`).toBe(true);
    }
  });
});

test('the course leads to every lesson', () => {
  const { path, text } = galleryPage(
    ROOT,
    files.map((file) => show(file).entry),
  );
  expect(present(path) === text, `reports/${path} is ${STALE}`).toBe(true);
});

test('nothing is left of lessons that are gone', () => {
  const expected = new Set(files.flatMap((file) => show(file).files.map(({ path }) => path)));
  expect(presentFiles(ROOT).filter((path) => path !== 'README.md' && !expected.has(path))).toEqual([]);
});

test('every link and picture of the gallery leads somewhere', () => {
  const links = presentFiles(ROOT)
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) => {
      const folder = path.slice(0, path.lastIndexOf('/') + 1);
      return [...present(path)!.matchAll(/(?<!\\)\]\(([^)#\s]+)/g)].map(
        ([, to]) => folder + decodeURIComponent(to!),
      );
    });
  expect(links.length).toBeGreaterThan(files.length);
  expect(links.filter((path) => !existsSync(`${ROOT}reports/${path}`))).toEqual([]);
});
