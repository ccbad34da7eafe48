/**
 * Loaded before the API and the worker: when the process that started them is gone (even by kill -9) the channel to it
 * closes, and they end in the ordinary way.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
