# Runs one server and outlives the JVM by just long enough to end it.
# Arguments: signal that ends the server, its directory, its pid file ("" = none), then its command line.
# Standard input is a pipe of the JVM: it ends when the JVM does, kill -9 included.
# Prints the server's pid; exits when the server has.
signal=$1 directory=$2 pidfile=$3
shift 3
exec 3<&0
# A session of its own where the tool exists: Ctrl-C is for the JVM, which may still need its servers to shut down.
$(command -v setsid) "$@" >>"$directory/log" 2>&1 </dev/null 3<&- &
server=$!
trap '' INT HUP
{
  read -r _ <&3
  trap '' TERM # or the main shell below could end it half-way, as the server ends by its signal
  pid=$( [ -n "$pidfile" ] && head -n 1 "$pidfile" 2>/dev/null )
  kill -CONT "${pid:-$server}" 2>/dev/null
  kill -"$signal" "${pid:-$server}" 2>/dev/null
} >/dev/null &
watcher=$!
exec 3<&- </dev/null
echo "$server"
wait "$server"
status=$?
exec 2>/dev/null
kill "$watcher"
# The watcher ends with 0 only if the JVM is gone: then nobody else removes the directory.
wait "$watcher" && rm -rf "$directory"
exit "$status"
