// Counts what the user has not read, as Mattermost's own title and favicon do (read in the sources of 5.39, 7.1, 9.8 and 11).

/** @param {any} state */
const collapsesThreads = ({ entities: { general, preferences } }) => {
  const { CollapsedThreads = 'disabled', FeatureFlagCollapsedThreads = 'true' } = general.config;
  // Up to 6.x there was a feature flag besides the setting.
  if (CollapsedThreads === 'disabled' || FeatureFlagCollapsedThreads !== 'true') return false;
  const chosen = preferences.myPreferences['display_settings--collapsed_reply_threads']?.value;
  return CollapsedThreads === 'always_on' || (chosen ?? (CollapsedThreads === 'default_on' ? 'on' : 'off')) === 'on';
};

/**
 * What the count depends on: as long as each is the same object, so is the count.
 * @param {any} state Mattermost's
 * @returns {unknown[]}
 */
export const dependencies = ({ entities: { channels, threads, teams, users, preferences, general } }) => [
  channels.channels,
  channels.myMembers,
  channels.messageCounts,
  threads.counts,
  threads.countsIncludingDirect,
  teams.myMembers,
  teams.currentTeamId,
  users.currentUserId,
  users.profiles,
  preferences.myPreferences,
  general.config,
];

/**
 * Across all teams: the mentions, and the unread messages in channels that are not muted. With collapsed threads a channel counts the
 * messages that begin a thread, and each thread with something new is one more.
 * @param {any} state Mattermost's
 * @returns {{ mentions: number, messages: number }}
 */
export function unread(state) {
  const { channels, threads, teams, users } = state.entities;
  const collapsed = collapsesThreads(state);
  const root = collapsed ? '_root' : '';
  let mentions = 0;
  let messages = 0;
  /** @param {{ [name: string]: number }} counts */
  const add = (counts, mentioned = 'mention_count' + root, unread = 'msg_count' + root) => {
    mentions += counts[mentioned] || 0;
    messages += counts[unread] || 0;
  };

  const known = new Set([teams.currentTeamId]);
  for (const [id, member] of Object.entries(channels.myMembers)) {
    const channel = channels.channels[id];
    if (!channel) continue;
    known.add(channel.team_id);
    const [one, other] = channel.name.split('__');
    const exists = channel.type === 'D' ? users.profiles[one === users.currentUserId ? other : one] : channel;
    // In 11 a muted channel counts for nothing; before, Mattermost's title went on counting the mentions in it (7.1).
    if (exists?.delete_at !== 0 || member.notify_props?.mark_unread === 'mention') continue;
    // Of before 6.0 the channel itself says how many messages it has.
    const { total = channel.total_msg_count, root: begun = channel.total_msg_count_root } = channels.messageCounts?.[id] ?? {};
    add({ ...member, unread: Math.max(0, (collapsed ? begun : total) - member['msg_count' + root]) }, undefined, 'unread');
  }
  // Up to 7.x the page knows the channels of the team on screen only; of the others it has sums.
  for (const [id, member] of Object.entries(teams.myMembers)) {
    if (!known.has(id) && !member.delete_at) add(member);
  }
  if (collapsed) {
    for (const id of Object.keys(threads.counts)) {
      // The threads of direct messages belong to every team: they count once.
      const counts = (id === teams.currentTeamId && threads.countsIncludingDirect?.[id]) || threads.counts[id];
      add(counts, 'total_unread_mentions', 'total_unread_threads');
    }
  }
  return { mentions, messages };
}
