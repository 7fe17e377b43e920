using System.Globalization;
using System.Runtime.InteropServices;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Instances;

/// <summary>Gives a folder to the user that an instance runs as.</summary>
internal static partial class FolderOwner
{
    /// <summary>The folder itself, not what is in it. Nothing is done without a user.</summary>
    /// <exception cref="LaunchException">No such user on this node, or the agent may not give folders away.</exception>
    public static void Give(string folder, string? user)
    {
        if (user is null)
        {
            return;
        }

        var (id, group) = IdsOf(user);
        if (Chown(folder, id, group) != 0)
        {
            throw new LaunchException(
                $"cannot give {folder} to the user '{user}' (error {Marshal.GetLastPInvokeError()}); run the agent as root, or leave out run.user");
        }
    }

    private static (uint User, uint Group) IdsOf(string user)
    {
        foreach (var line in File.ReadLines("/etc/passwd"))
        {
            if (line.Split(':') is [var name, _, var id, var group, ..]
                && name == user
                && uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var userId)
                && uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out var groupId))
            {
                return (userId, groupId);
            }
        }

        throw new LaunchException($"there is no user '{user}' on this node; create it, or change run.user");
    }

    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Chown(string path, uint user, uint group);
}
