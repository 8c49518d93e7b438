import type { ComponentChildren, JSX } from 'preact';
import { usePointing } from '../player/usePointing.ts';
import type { Scene } from './scene.ts';
import { SceneView } from './sceneView.tsx';

interface PictureProps {
  readonly id: string;
  readonly scene: Scene;
  /** Fills the card while nothing is pointed at. */
  readonly hint: string;
  /** Told of presses and drags in it. */
  readonly onPointer?: (event: PointerEvent) => void;
  /** Makes its marks things to choose from, by click, Enter or the space bar. */
  readonly onChoose?: (mark: string) => void;
  readonly children?: ComponentChildren;
}

/** A scene that can be pointed at: hover and focus fill one card below it. */
export function Picture({ id, scene, hint, onPointer, onChoose, children }: PictureProps): JSX.Element {
  const pointing = usePointing(scene, onChoose);
  const { active } = pointing;
  return (
    <div class="picture">
      <div
        class="picture-frame"
        role="application"
        aria-roledescription="picture"
        aria-label={`${scene.name} Arrow keys go through its parts, ${onChoose ? 'Enter chooses one' : 'Enter keeps one, Escape lets it go'}.`}
        aria-describedby={`${id}-card`}
        tabIndex={0}
        onKeyDown={pointing.keyDown}
        onFocus={pointing.focus}
        onBlur={pointing.blur}
      >
        <SceneView scene={scene} id={id} active={active?.id ?? null} onPoint={pointing.hover} onPointer={onPointer} onChoose={onChoose}>
          {children}
        </SceneView>
      </div>
      <p id={`${id}-card`} class="picture-card" aria-live="polite">
        {active ? `${active.name}${pointing.pinned ? ' (kept; Escape lets it go)' : ''}` : <span class="quiet">{hint}</span>}
      </p>
    </div>
  );
}
