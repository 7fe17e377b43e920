using System.Collections.Immutable;
using Tutti.Model.Agents;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Instances;

/// <summary>Folders of one instance: its working folder, its own and gone with it, and its volumes, which stay.</summary>
internal static class InstanceWorkspace
{
    /// <summary>Where it works.</summary>
    public static string WorkingFolder(string dataFolder, string architecture, string instance) =>
        Path.Combine(InstanceFolder(dataFolder, architecture, instance), "work");

    /// <summary>Makes the working folder with one link per top-level entry of the artifact. What an earlier attempt wrote stays;
    /// a file of its own goes before one of the artifact.</summary>
    public static string Prepare(string dataFolder, Assignment assignment, string? artifactFolder)
    {
        var folder = WorkingFolder(dataFolder, assignment.Architecture, assignment.Instance);
        Directory.CreateDirectory(folder);
        FolderOwner.Give(folder, assignment.Run.User);
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            // Links of an earlier attempt may lead to an earlier release.
            if (entry.LinkTarget is not null)
            {
                entry.Delete();
            }
        }

        if (artifactFolder is null)
        {
            return folder;
        }

        foreach (var entry in new DirectoryInfo(artifactFolder).EnumerateFileSystemInfos())
        {
            var link = Path.Combine(folder, entry.Name);
            if (!Path.Exists(link))
            {
                File.CreateSymbolicLink(link, entry.FullName);
            }
        }

        return folder;
    }

    /// <summary>Its volumes by name, made where missing.</summary>
    public static ImmutableSortedDictionary<string, string> Volumes(string dataFolder, Assignment assignment)
    {
        var volumes = assignment.Volumes.ToImmutableSortedDictionary(
            v => v.Key,
            v => Path.Combine(dataFolder, "volumes", assignment.Architecture, assignment.Instance, v.Key));
        foreach (var folder in volumes.Values)
        {
            Directory.CreateDirectory(folder);
            FolderOwner.Give(folder, assignment.Run.User);
        }

        return volumes;
    }

    /// <summary>Deletes everything but the volumes.</summary>
    public static void Delete(string dataFolder, string architecture, string instance)
    {
        var folder = InstanceFolder(dataFolder, architecture, instance);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string InstanceFolder(string dataFolder, string architecture, string instance) =>
        Path.Combine(dataFolder, "instances", architecture, instance);
}
