/* tslint:disable */
/* eslint-disable */

/**
 * One page's component.
 */
export class Component {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * What of the page's state has changed, by bits.
     */
    changed(what: number): void;
    /**
     * `close()` was called on a notification.
     */
    close(notification: any): void;
    /**
     * `new Notification(title, options)` was called; `given` are the options that the page gave, converted. `icon` is its whole
     * address; empty if it has none.
     */
    create(notification: any, tag: string, icon: string, title: any, given: object): void;
    /**
     * The user clicked or pressed a key.
     */
    gesture(): void;
    /**
     * The server part answered, or did not: see [`Page::load_configuration`].
     */
    loaded(ticket: number, status: number, body: string): void;
    /**
     * A message event arrived; `embedder`: its window can be the page's embedder. `learned` is what the component before this one
     * handed over along with the event.
     */
    message(event: MessageEvent, embedder: boolean, learned: NotificationPermission | undefined): void;
    /**
     * Starts a session that serves nobody yet. `epoch_milliseconds` is the time of day, `chance` any number: it guards nothing.
     */
    constructor(page: Page, own_origin: string, user_present: boolean, epoch_milliseconds: number, chance: number);
    /**
     * What `Notification.permission` reads.
     */
    permission(): NotificationPermission;
    /**
     * The notification with that number was posted; not, if it holds what cannot be cloned: see [`Page::post_new`].
     */
    posted(id: number, posted: boolean): void;
    /**
     * `Notification.requestPermission()` was called; `settle` takes its answer.
     */
    requestPermission(settle: (permission: NotificationPermission) => void): void;
    /**
     * The settings changed, or may have.
     */
    settingsChanged(): void;
    /**
     * Ends the session, after it has handed over what a successor in the same page has to know.
     */
    shutdown(): void;
    /**
     * What of [`Page::watch`] the page can do, by bits.
     */
    supported(what: number): void;
    /**
     * The time has come: see [`Page::set_timer`].
     */
    timerDue(): void;
    /**
     * Another user is there than before, or none.
     */
    userChanged(present: boolean): void;
}
