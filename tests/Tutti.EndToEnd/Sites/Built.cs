using System.Reflection;

namespace Tutti.EndToEnd.Sites;

/// <summary>What the build made: the program and the sample.</summary>
internal static class Built
{
    /// <summary>The executable.</summary>
    public static string Tutti { get; } = Find("Tutti");

    /// <summary>Folder of the shop's program.</summary>
    public static string Shop { get; } = Find("Shop");

    /// <summary>Folder of the shop's manifests.</summary>
    public static string ShopManifests { get; } = Find("ShopManifests");

    private static string Find(string key)
    {
        var path = typeof(Built).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(each => each.Key == key).Value!;
        return Path.Exists(path) ? Path.GetFullPath(path) : throw new FileNotFoundException($"{path} has not been built");
    }
}
