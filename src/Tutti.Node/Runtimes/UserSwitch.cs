using System.Collections.Immutable;

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

        // getpwnam answers in a buffer of its own, so only one caller at a time; only its being null is read.
        lock (_userDatabase)
        {
            if (Libc.UserByName(user) == 0)
            {
                throw new LaunchException($"there is no user '{user}' on this node");
            }
        }

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
        return [setpriv, "--reuid", user, "--regid", user, "--init-groups", "--inh-caps=-all", "--", .. command];
    }
}
