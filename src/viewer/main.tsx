import { render } from 'preact';
import { unpackTrace } from '../trace/pack.ts';
import { App } from './app.tsx';
import { TraceIndex } from './model/trace-index.ts';

/** The trace lies in the page itself, packed: nothing is ever fetched. */
async function readTrace(): Promise<TraceIndex> {
  const binary = atob(document.getElementById('trace')!.textContent!);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  const unzipped = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new TraceIndex(unpackTrace(await new Response(unzipped).text()));
}

function Broken({ error }: { readonly error: unknown }) {
  return (
    <main class="broken">
      <h1>This report cannot be shown</h1>
      <p>{String(error)}</p>
      <p>It needs a browser of 2024 or later. The Markdown report of the same run needs none.</p>
    </main>
  );
}

const page = document.getElementById('page')!;
readTrace().then(
  (index) => {
    render(<App index={index} />, page);
    // When it could be read, in milliseconds since it was opened: for whoever measures it.
    page.dataset.ready = String(Math.round(performance.now()));
  },
  (error) => render(<Broken error={error} />, page),
);
