using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Tutti.Node.Runtimes;

/// <summary>Runs a command as another user, by way of setpriv.</summary>
internal static class UserSwitch
{
    private static readonly Lock _userDatabase = new();

    /// <summary>The command as it has to be started so that it runs as the user.</summary>
    /// <exception cref="LaunchException">No such user, not permitted, or setpriv is missing.</exception>
    public static ImmutableArray<string> Wrap(ImmutableArray<string> command, string? user)
    {
        if (user is null)
        {
            return command;
        }

        var group = PrimaryGroup(user);

        if (user == Environment.UserName)
        {
            return command;
        }

        if (Libc.EffectiveUser() != 0)
        {
            throw new LaunchException($"running as user '{user}' needs an agent that runs as root; this one runs as '{Environment.UserName}'");
        }

        var setpriv = new[] { "/usr/bin/setpriv", "/bin/setpriv" }.FirstOrDefault(File.Exists)
            ?? throw new LaunchException($"running as user '{user}' needs setpriv (package util-linux), which was not found");
        return [setpriv, "--reuid", user, "--regid", group.ToString(CultureInfo.InvariantCulture), "--init-groups", "--inh-caps=-all", "--", .. command];
    }

    private static uint PrimaryGroup(string user)
    {
        const int GroupOffset = 20; // pw_gid of struct passwd, after two pointers and pw_uid
        lock (_userDatabase)
        {
            // getpwnam answers in a buffer of its own, so only one caller at a time.
            var entry = Libc.UserByName(user);
            return entry == 0
                ? throw new LaunchException($"there is no user '{user}' on this node")
                : (uint)Marshal.ReadInt32(entry, GroupOffset);
        }
    }
}
