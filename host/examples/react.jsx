import 'notifymatters-host/element';
import { useEffect, useRef } from 'react';

export function Chat({ address, onNotification }) {
  const chat = useRef(null);
  useEffect(() => {
    const { current } = chat;
    current.addEventListener('notification', onNotification);
    return () => current.removeEventListener('notification', onNotification);
  }, [onNotification]);
  return <mattermost-embed ref={chat} src={address} style={{ height: '100vh' }} />;
}
